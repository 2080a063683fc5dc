import { Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { LimitsModule } from '#libs/limits';
import { PolicyModule } from '#libs/policy';
import { PrintModule } from '../print/print.module.js';
import { AtHandLane } from './at-hand.lane.js';
import { ReadsAtHand } from './reads-at-hand.js';

@Module({
  imports: [AuthModule, PolicyModule, LimitsModule, PrintModule],
  providers: [ReadsAtHand, AtHandLane],
})
export class AtHandModule {}
