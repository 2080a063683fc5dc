import { readFileSync, writeFileSync } from 'node:fs';
import { generatedDocs } from './generated-docs.js';
import { openapi } from './openapi.js';

/** Writes each document that follows from the code; with `--check`, says which are stale instead. */
const documents = { ...(await generatedDocs()), 'openapi.json': await openapi() };
const stale = Object.entries(documents).filter(([path, text]) => readFileSync(path, 'utf8') !== text);

if (process.argv.includes('--check')) {
  for (const [path] of stale) process.stderr.write(`${path} is stale: \`npm run generate\` renews it.\n`);
} else {
  for (const [path, text] of stale) writeFileSync(path, text);
}
process.exit(process.argv.includes('--check') && stale.length > 0 ? 1 : 0);
