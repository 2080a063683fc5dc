import { existsSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { withSources } from './with-sources.js';

/** The folder with the build of this program, and of the others. */
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const maps = new Map<string, SourceMap | undefined>();

/** Copies lines of the log from its input to its output, with each position in a bundle replaced by the one in the source. */
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${withSources(line, mapOf)}\n`);
}

function mapOf(bundle: string): SourceMap | undefined {
  if (!maps.has(bundle)) maps.set(bundle, readMap(`${ROOT}${bundle}.map`));
  return maps.get(bundle);
}

function readMap(path: string): SourceMap | undefined {
  if (!existsSync(path)) return undefined;
  return new SourceMap(JSON.parse(readFileSync(path, 'utf8')) as SourceMapPayload);
}
