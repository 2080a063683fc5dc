import { cpus } from 'node:os';
import type { Finding, Target } from './bench.js';
import type { Result } from './runner.js';

const HEAD = ['', 'req/s', 'of the first', 'p50 ms', 'p99 ms', 'CPU µs/request', 'RSS MB'];

/** What was measured, as Markdown. */
export function reportOf({ title, results, targets = [], notes = [] }: Finding): string {
  const table = results.length > 0 ? [row(HEAD), row(HEAD.map(() => '---')), ...rowsOf(results), ''] : [];
  const lines = [...targets.map(targetLine), ...notes.map((note) => `- ${note}`)];
  return [`### ${title}`, '', ...table, ...lines, ''].join('\n');
}

export function machine(): string {
  const [cpu] = cpus();
  return `${cpu?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`;
}

export function isMet({ value, atLeast = -Infinity, atMost = Infinity }: Target): boolean {
  return value >= atLeast && value <= atMost;
}

function rowsOf(results: readonly Result[]): string[] {
  const [first] = results;
  return results.map((each) =>
    row([
      each.name,
      each.perSecond.toFixed(0),
      (each.perSecond / (first?.perSecond ?? NaN)).toFixed(2),
      each.p50Ms.toFixed(2),
      each.p99Ms.toFixed(2),
      each.cpuMicroseconds.toFixed(1),
      (each.residentBytes / 1e6).toFixed(0),
    ]),
  );
}

function targetLine(target: Target): string {
  const { text, value, atLeast, atMost } = target;
  const goal = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  return `- ${text}: **${value.toFixed(2)}** (${goal}: ${isMet(target) ? 'met' : 'missed'})`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
