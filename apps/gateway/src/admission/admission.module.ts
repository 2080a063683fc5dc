import { Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { LimitsModule } from '#libs/limits';
import { PolicyModule } from '#libs/policy';
import { Admission } from './admission.js';
import { DpopNonces } from './dpop-nonces.js';
import { SenderProofs } from './sender-proofs.js';
import { AdmittedGuard } from './admitted.guard.js';

@Module({
  imports: [AuthModule, PolicyModule, LimitsModule],
  providers: [DpopNonces, SenderProofs, Admission, AdmittedGuard],
  exports: [Admission, AdmittedGuard],
})
export class AdmissionModule {}
