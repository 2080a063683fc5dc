import { Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { LimitsModule } from '#libs/limits';
import { PolicyModule } from '#libs/policy';
import { Admission } from './admission.js';
import { AdmittedGuard } from './admitted.guard.js';

@Module({
  imports: [AuthModule, PolicyModule, LimitsModule],
  providers: [Admission, AdmittedGuard],
  exports: [Admission, AdmittedGuard],
})
export class AdmissionModule {}
