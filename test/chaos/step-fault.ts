import { setTimeout as delay } from 'node:timers/promises';
import type { FakeClock } from '../support/fake-clock.js';
import type { TestEnvironment } from '../support/test-environment.js';
import type { RedisRelay } from '../support/redis-relay.js';
import type { Fate } from '../support/relayed-connection.js';
import { stepOf } from './redis-step.js';

/** Longer than a command may take (`REDIS_COMMAND_TIMEOUT_MS`) before it counts as not answered. */
const LATE_MS = 700;

export const STEP_FAULTS = [
  'its request lost',
  'its request late',
  'its reply lost',
  'its reply late',
  'its gateway killed before it',
  'its gateway killed behind it',
  'its gateway stopped before it',
  'its gateway stopped behind it',
  'its gateway suspended before it',
] as const;

export type StepFault = (typeof STEP_FAULTS)[number];

const isKill = (fault: StepFault) => fault.includes('killed');

/** Whether the gateway stands still, and others may print meanwhile. */
export const isStop = (fault: StepFault) => /stopped|suspended/.test(fault);

/** One fault at one step of one print of the first gateway. */
export class Strike {
  hasStruck = false;

  constructor(
    private readonly env: TestEnvironment,
    private readonly relay: RedisRelay,
    private readonly step: string,
    private readonly fault: StepFault,
    private readonly clock: FakeClock,
    /** How long a gateway stands still. */
    private readonly stoppedMs: number,
  ) {
    relay.rule = (words) => {
      if (this.hasStruck || stepOf(words) !== this.step) return 'pass';
      this.hasStruck = true;
      return this.strike();
    };
  }

  /** It strikes no more, and the gateway runs again. */
  async over(): Promise<void> {
    this.relay.rule = () => 'pass';
    if (this.hasStruck && isKill(this.fault)) await this.env.restart(0);
    if (this.hasStruck && isStop(this.fault)) await delay(this.stoppedMs);
    this.clock.set(0);
  }

  /** "Behind it": Redis has done it, and nobody has read the reply. */
  private async strike(): Promise<Fate> {
    const crash = () => this.env.crash(0);
    switch (this.fault) {
      case 'its request lost':
        return 'request lost';
      case 'its reply lost':
        return 'reply lost';
      case 'its request late':
        await delay(LATE_MS);
        return 'pass';
      case 'its reply late':
        return { beforeReply: () => delay(LATE_MS) };
      case 'its gateway killed before it':
        await crash();
        return 'request lost';
      case 'its gateway killed behind it':
        return { beforeReply: crash };
      case 'its gateway stopped before it':
        await this.stop();
        return 'pass';
      case 'its gateway stopped behind it':
        return { beforeReply: () => Promise.resolve(void this.stop()) };
      // With its clock: it does not know that any time has passed.
      case 'its gateway suspended before it':
        await this.clock.suspend(this.env.gateway(0).program, this.stoppedMs);
        return 'pass';
    }
  }

  /** Ends when it goes on: what it had asked for may come to Redis only then. */
  private async stop(): Promise<void> {
    const { program } = this.env.gateway(0);
    program.signal('SIGSTOP');
    await delay(this.stoppedMs);
    program.signal('SIGCONT');
  }
}
