import { Injectable } from '@nestjs/common';
import { DeferredWrites } from '#libs/store';

/** Events of what was done, while Redis is away. */
@Injectable()
export class UnwrittenDone extends DeferredWrites {}

/** Events of what was refused: a queue of their own, for what a crowd is refused must not stand in the way of what a card's safety needs. */
@Injectable()
export class UnwrittenRefused extends DeferredWrites {}
