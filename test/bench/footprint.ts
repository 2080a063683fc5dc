import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join, normalize } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { printRequest } from '../support/builders.js';
import type { BenchServer } from './server.js';
import { startGateway } from './servers.js';
import { PRINTERS, World, type Holder } from './world.js';

const BUNDLE = 'dist/apps/gateway/src/main.js';
/** What is entered each time belongs to the request; what is not, to something that runs by itself. */
const REPEATS = 4;
/** Until what goes on behind an answer has been done. */
const SETTLE_MS = 150;

/** The project's own functions that a request walks through, by the file of each. */
class Footprint {
  private readonly map = new SourceMap(JSON.parse(readFileSync(`${BUNDLE}.map`, 'utf8')) as SourceMapPayload);
  private readonly lineStarts = lineStartsOf(readFileSync(BUNDLE, 'latin1'));

  constructor(private readonly gateway: BenchServer) {}

  async of(send: () => Promise<void>): Promise<string[]> {
    let common: Set<string> | undefined;
    for (let turn = 0; turn < REPEATS; turn += 1) {
      await this.entered();
      await send();
      await delay(SETTLE_MS);
      const entered = await this.entered();
      // The first is not like the others: it fills caches.
      if (turn > 0) common = new Set(entered.filter((each) => common?.has(each) ?? true));
    }
    return [...(common ?? [])];
  }

  private async entered(): Promise<string[]> {
    const before = this.reports().length;
    this.gateway.signal('SIGCONT');
    await eventually(() => {
      if (this.reports().length === before) throw new Error('the gateway did not say what it entered');
    });
    return (JSON.parse(this.reports().at(-1) ?? '[]') as number[]).flatMap((offset) => this.placeOf(offset));
  }

  private reports(): string[] {
    return [...readFileSync(this.gateway.logFile, 'utf8').matchAll(/^entered (.*)\n/gm)].map(
      ([, text]) => text ?? '',
    );
  }

  /** `file:line:column` in the source, of what is this project's own. */
  private placeOf(offset: number): string[] {
    const line = this.lineStarts.findLastIndex((start) => start <= offset);
    const entry = this.map.findEntry(line, offset - (this.lineStarts[line] ?? 0));
    if (!('originalSource' in entry)) return [];
    const file = normalize(join('dist/apps/gateway/src', entry.originalSource));
    const own = /(?:apps|libs)\/.*\.ts$/.exec(file);
    return own && !file.includes('node_modules')
      ? [`${own[0]}:${entry.originalLine}:${entry.originalColumn}`]
      : [];
  }
}

function lineStartsOf(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

const world = await World.open();
const preload = join(import.meta.dirname, 'coverage-on-signal.js');
process.env.BENCH_NODE_OPTIONS = `--import=${preload}`;
const gateway = await startGateway(world);
const [holder] = (await world.holders(1)) as [Holder];
const authorization = `Bearer ${holder.token}`;
const [job] = (await world.print(gateway, [holder], 1, PRINTERS.quick))[holder.tenant] as [string];
const footprint = new Footprint(gateway);

const requests: Record<string, () => Promise<Response>> = {
  'a print with a key': () =>
    fetch(`${gateway.url}/api/web/v1/printers/${PRINTERS.quick}/print`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(printRequest()),
    }),
  'a status from memory': () =>
    fetch(`${gateway.url}/api/web/v1/printers/print/${job}`, { headers: { authorization } }),
  'a status as a page asks for it': () =>
    fetch(`${gateway.url}/api/web/v1/printers/print/${job}`, {
      headers: { authorization, origin: 'https://cards.example', accept: 'application/json' },
    }),
};

for (const [name, request] of Object.entries(requests)) {
  const places = await footprint.of(async () => {
    const response = await request();
    if (!response.ok)
      throw new Error(`${name} was answered with ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  });
  const files = [...new Set(places.map((place) => place.replace(/:.*/, '')))].sort();
  process.stdout.write(`${name}: ${files.length} files, ${places.length} functions\n`);
  if (process.argv.includes('--files')) process.stdout.write(files.map((file) => `  ${file}\n`).join(''));
}
await world.close();
