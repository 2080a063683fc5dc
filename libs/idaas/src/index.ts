export { AuthTokenService } from './auth-token.service.js';
export { CredentialsFault } from './credentials.js';
export { IdaasClient } from './idaas.client.js';
export { IdaasConfig } from './idaas.config.js';
export { IdaasModule } from './idaas.module.js';
export { provesNothingDone } from './nothing-done.js';
export { OutgoingBody } from './outgoing-body.js';
export type { PrintJob } from './print-job.js';
export type { Printer } from './printer.js';
