import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/**
 * What all bodies may hold when nothing else is said: a quarter of the memory that the control group allows this process (or of the
 * machine's, where none is set), and no more than half of the limit of the heap, by which a process without a group is told how large
 * it may be. Bodies lie outside the heap; the other half of what is left is for what the kernel and the collector hold of them.
 */
export function defaultBodyMemoryBytes(): number {
  const machine = totalmem();
  const allowed = process.constrainedMemory();
  const memory = allowed > 0 && allowed < machine ? allowed : machine;
  return Math.floor(Math.min(memory / 4, getHeapStatistics().heap_size_limit / 2));
}
