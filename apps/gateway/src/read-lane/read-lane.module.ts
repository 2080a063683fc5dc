import { Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { LimitsModule } from '#libs/limits';
import { PolicyModule } from '#libs/policy';
import { PrintModule } from '../print/print.module.js';
import { PolledReads } from './polled-reads.js';
import { ReadLane } from './read.lane.js';

@Module({
  imports: [AuthModule, PolicyModule, LimitsModule, PrintModule],
  providers: [PolledReads, ReadLane],
})
export class ReadLaneModule {}
