export { PurposeKey } from './purpose-key.js';
export { SecretKeyConfig } from './secret-key.config.js';
export { SecretKeys } from './secret-keys.js';
export { SecretsModule } from './secrets.module.js';
