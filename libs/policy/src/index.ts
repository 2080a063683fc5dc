export { CurrentCaller } from './caller.decorator.js';
export type { Caller, CallersRequest } from './caller.js';
export { Grant } from './grant.js';
export { PolicyFaults } from './policy-file.js';
export { PolicyConfig } from './policy.config.js';
export { PolicyModule } from './policy.module.js';
export {
  CopiesNotGranted,
  FeatureNotGranted,
  JobsNotGranted,
  PermissionNotGranted,
} from './policy.problems.js';
export { PolicyService } from './policy.service.js';
export { requirePrinterGranted } from './printer-rule.js';
export { requirementOf, Requires, routeConfig, type Requirement } from './requires.decorator.js';
