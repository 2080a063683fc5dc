import { Logger } from '@nestjs/common';
import { run } from './run.js';

// What the parts of the gateway log is said by the checks.
Logger.overrideLogger(false);
// A connection that was given up must not keep the command waiting.
process.exit(await run(process.argv.slice(2), process.env));
