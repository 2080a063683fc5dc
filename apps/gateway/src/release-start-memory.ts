import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type CollectGarbage = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * Gives back what only the start needed. V8 keeps the pages of a heap that was large once, until there is load for it to look again: without this a gateway that
 * does nothing holds 154 MB on Node 24, with it 137 MB. It takes 0.15 s there, before the first request is taken. Node 20 knows only a plain
 * collection, which takes no time worth mentioning.
 */
export function releaseStartMemory(): void {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as CollectGarbage;
  setFlagsFromString('--no-expose-gc');
  collectGarbage({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
