export { Granted } from './grant.decorator.js';
export { Grant } from './grant.js';
export type { GrantedRequest } from './granted-request.js';
export { PermissionsGuard } from './permissions.guard.js';
export { PolicyFaults, readPolicy } from './policy-file.js';
export { PolicyConfig } from './policy.config.js';
export { PolicyModule } from './policy.module.js';
export {
  CopiesNotGranted,
  FeatureNotGranted,
  PermissionNotGranted,
  PrinterNotGranted,
} from './policy.problems.js';
export { PolicyService } from './policy.service.js';
export { requirePrinterGranted } from './printer-rule.js';
export { requiredPermission, Requires } from './requires.decorator.js';
