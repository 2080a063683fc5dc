import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from './program.js';

/** The clocks of one program, that of the day and the one that nobody sets, which are ahead of the true ones by so much (libfaketime). */
export class FakeClock {
  private readonly file = join(mkdtempSync(join(tmpdir(), 'clock-')), 'offset');

  constructor(aheadMs = 0) {
    this.set(aheadMs);
  }

  /** What the program is to be started with. */
  get environment(): Record<string, string> {
    const words = ['-f', '+0', 'printenv', 'LD_PRELOAD'];
    const library = execFileSync('faketime', words, { encoding: 'utf8' }).trim();
    return { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: this.file, FAKETIME_NO_CACHE: '1' };
  }

  set(aheadMs: number): void {
    writeFileSync(this.file, `${aheadMs < 0 ? '-' : '+'}${Math.abs(aheadMs) / 1_000}`);
  }

  /** Stops the program for so long together with its clocks, as a virtual machine is suspended: for it no time has passed. */
  async suspend(program: Program, milliseconds: number): Promise<void> {
    program.signal('SIGSTOP');
    const sinceMs = performance.now();
    await delay(milliseconds);
    this.set(sinceMs - performance.now());
    program.signal('SIGCONT');
  }
}
