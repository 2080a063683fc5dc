export { LogConfig } from './log.config.js';
export { createLog } from './log.js';
export { NestLog } from './nest-log.js';
