import { Module } from '@nestjs/common';
import { AdmissionModule } from '../admission/admission.module.js';
import { PrintCountsModule } from '../print-counts/print-counts.module.js';
import { StatusModule } from '../status/status.module.js';
import { FastPathRoutes } from './fast-path-routes.js';
import { FastPath } from './fast-path.js';

@Module({
  imports: [AdmissionModule, PrintCountsModule, StatusModule],
  providers: [FastPathRoutes, FastPath],
})
export class FastPathModule {}
