import { run } from './run.js';

// Whatever a connection left open must not keep the command waiting.
process.exit(await run(process.argv.slice(2), process.env));
