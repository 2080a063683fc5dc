import { Module } from '@nestjs/common';
import { PolicyModule } from '#libs/policy';
import { ManagementServer } from './management.server.js';

@Module({ imports: [PolicyModule], providers: [ManagementServer] })
export class ManagementModule {}
