import type { Fault } from '../support/emulator.js';
import { fixtures } from '../support/fixtures.js';
import type { Harm } from './harms.js';

export interface Scenario {
  readonly prints: number;
  /** Clients at the same time. */
  readonly clients: number;
  /** At how many printers they print. */
  readonly printers: number;
  readonly redis: 'server' | 'cluster';
  readonly harms: readonly Harm[];
  /** How many jobs the upstream lists from before, and in which lists. */
  readonly history?: { readonly jobs: number; readonly lists: string };
  readonly times: Times;
  /** How often something goes wrong, of the upstream and of all else; one is the usual. */
  readonly rate: number;
}

/** All else that takes its time follows from these, in milliseconds. */
export interface Times {
  /** How long the upstream may take for a print, and a print waits for its printer. */
  readonly printMs: number;
  /**
   * How long a job may take to show up. It can be late by as much as a print may take (`late-effect`), and by what a busy machine adds, so
   * it is several times as much.
   */
  readonly settleMs: number;
}

/** A storm of some minutes: a printer is closed for two seconds after a print that was lost without effect. */
export const QUICK: Times = { printMs: 500, settleMs: 2_000 };

/** The first of the emulator's printers that print: all but the third, which is silent, and the twelfth, which has no ribbon. */
export function printersThatPrint(count: number): string[] {
  const numbers = Array.from({ length: count + 2 }, (_, index) => index + 1);
  return numbers
    .filter((number) => number !== 3 && number !== 12)
    .slice(0, count)
    .map((number) =>
      number === 1 ? fixtures.printer : fixtures.secondPrinter.slice(0, -1) + number.toString(16),
    );
}

/** What happens to prints at the upstream: with effect or without, and with an effect that comes when nobody waits any more. */
export function faultsOf({ times: { printMs }, rate }: Scenario): Fault[] {
  const kinds: Omit<Fault, 'operation'>[] = [
    { kind: 'reset-before', share: 0.02 },
    { kind: 'reset-after', share: 0.02 },
    { kind: 'half-body', share: 0.01 },
    { kind: 'latency', share: 0.05, milliseconds: 0.6 * printMs },
    { kind: 'latency', share: 0.01, milliseconds: 1.4 * printMs },
    { kind: 'latency-after', share: 0.01, milliseconds: 1.4 * printMs },
    { kind: 'late-effect', share: 0.01, milliseconds: 1.2 * printMs },
    { kind: 'late-effect', share: 0.01, milliseconds: 2 * printMs },
    { kind: 'status', share: 0.01, status: 500 },
    { kind: 'status', share: 0.01, status: 503 },
    { kind: 'unauthorized', share: 0.02 },
    { kind: 'unauthorized-after', share: 0.01 },
  ];
  return kinds.map((fault) => ({ operation: 'print', ...fault, share: rate * (fault.share ?? 1) }));
}

export function gatewaySettings({ times: { printMs, settleMs } }: Scenario): Record<string, string> {
  return {
    IDAAS_PRINT_TIMEOUT_MS: String(printMs),
    UPSTREAM_WAIT_MS: String(printMs),
    // A busy machine is no Redis that is away.
    REDIS_COMMAND_TIMEOUT_MS: '500',
    IDEMPOTENCY_LEASE_MS: '1500',
    IDEMPOTENCY_MARGIN_MS: '1500',
    RESOLUTION_INTERVAL_MS: '200',
    RESOLUTION_SETTLE_MS: String(settleMs),
    LOG_LEVEL: 'info',
  };
}

export function emulatorSettings(scenario: Scenario, seed: number): Record<string, string> {
  const { history, printers } = scenario;
  return {
    EMULATOR_PRINTERS: String(printers + 2),
    EMULATOR_QUEUED_MS: '1',
    EMULATOR_CARD_MS: '1',
    EMULATOR_SEED: String(seed),
    EMULATOR_TOKEN_LIFE_MS: '86400000',
    ...(history && { EMULATOR_HISTORY_JOBS: String(history.jobs), EMULATOR_LISTS: history.lists }),
  };
}
