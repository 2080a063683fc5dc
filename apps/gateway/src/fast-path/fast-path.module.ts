import { Module } from '@nestjs/common';
import { AdmissionModule } from '../admission/admission.module.js';
import { PrintModule } from '../printing/print.module.js';
import { FastPathRoutes } from './fast-path-routes.js';
import { FastPath } from './fast-path.js';

@Module({
  imports: [AdmissionModule, PrintModule],
  providers: [FastPathRoutes, FastPath],
})
export class FastPathModule {}
