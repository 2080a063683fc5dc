import { writeFileSync } from 'node:fs';
import { openapi } from './openapi.js';

writeFileSync('openapi.json', await openapi());
process.exit(0);
