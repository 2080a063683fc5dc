import { Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { Metrics } from '#libs/telemetry';
import { PolicyService } from './policy.service.js';

@Module({
  imports: [AuthModule],
  providers: [PolicyService],
  exports: [PolicyService],
})
export class PolicyModule {
  constructor(policy: PolicyService, metrics: Metrics) {
    metrics.fact('policy_info', 'The policy in force.', 'version', () => policy.current.version);
  }
}
