export { ConfigModule } from './config.module.js';
export { FilesConfig } from './files.config.js';
export { Config, ConfigFaults, loadConfig, type CrossChecked } from './load-config.js';
export { Secret } from './secret.js';
export { baseUrl, integer, oneOf, path, secret, text, type SettingKind } from './setting-kind.js';
export { Setting, type SettingsClass } from './setting.decorator.js';
export { FileFault, readText, secretOf, textOf } from './text-file.js';
export { unknownSettings } from './unknown-settings.js';
export { WatchedFile } from './watched-file.js';
