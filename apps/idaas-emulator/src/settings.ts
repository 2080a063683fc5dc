import { LIST_ATTRIBUTES, LISTS } from './list-offer.js';

/** How the emulator behaves; every number but the port, the seed and the numbers of printers and of old jobs is milliseconds. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly applicationId: string;
  readonly sharedSecret: string;
  readonly tokenLifeMs: number;
  /** How many there are. */
  readonly printers: number;
  /** From the print request, or the job's resumption, until its printer may take it. */
  readonly queuedMs: number;
  /** For each card. */
  readonly cardMs: number;
  /** So many jobs of before the start are listed, one for each interval. */
  readonly historyJobs: number;
  readonly historyIntervalMs: number;
  /** Which lists of jobs there are: `pages`, `whole`. */
  readonly lists: readonly string[];
  /** By which attributes pages can be ordered and searched. */
  readonly listAttributes: readonly string[];
  /** Whether jobs wait (AWAITING_PRINT) until they are resumed. */
  readonly holdsPrints: boolean;
  /** The same seed chooses the same requests for faults that happen to a share of them. */
  readonly seed: number;
}

export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  return {
    host: environment.EMULATOR_HOST ?? '127.0.0.1',
    port: Number(environment.EMULATOR_PORT ?? 4010),
    applicationId: environment.EMULATOR_APPLICATION_ID ?? 'b0bd854d-1d32-47b3-9b69-2ac7d3a3c3fb',
    sharedSecret: environment.EMULATOR_SHARED_SECRET ?? 'emulator-shared-secret-0123456789abcdef',
    tokenLifeMs: Number(environment.EMULATOR_TOKEN_LIFE_MS ?? 900_000),
    printers: Number(environment.EMULATOR_PRINTERS ?? 12),
    queuedMs: Number(environment.EMULATOR_QUEUED_MS ?? 1_500),
    cardMs: Number(environment.EMULATOR_CARD_MS ?? 1_500),
    holdsPrints: environment.EMULATOR_HOLDS_PRINTS === 'true',
    seed: Number(environment.EMULATOR_SEED ?? Date.now()),
    ...readListSettings(environment),
  };
}

function readListSettings(environment: NodeJS.ProcessEnv) {
  return {
    historyJobs: Number(environment.EMULATOR_HISTORY_JOBS ?? 0),
    historyIntervalMs: Number(environment.EMULATOR_HISTORY_INTERVAL_MS ?? 30_000),
    lists: namesOf(environment.EMULATOR_LISTS ?? LISTS.join()),
    listAttributes: namesOf(environment.EMULATOR_LIST_ATTRIBUTES ?? LIST_ATTRIBUTES.join()),
  };
}

/** `a,b` → a and b; nothing → none. */
function namesOf(text: string): string[] {
  return text.split(',').filter((name) => name !== '');
}
