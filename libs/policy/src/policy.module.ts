import { Module } from '@nestjs/common';
import { AuthModule } from '#libs/auth';
import { PermissionsGuard } from './permissions.guard.js';
import { PolicyService } from './policy.service.js';

@Module({
  imports: [AuthModule],
  providers: [PolicyService, PermissionsGuard],
  exports: [PolicyService, PermissionsGuard],
})
export class PolicyModule {}
