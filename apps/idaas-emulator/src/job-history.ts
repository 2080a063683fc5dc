import type { ListedJob } from './listed-job.js';
import { printersOf } from './printers.js';

const CARD_TAKES_MS = 20_000;
/** Every seventh job was made by a person in the portal. */
const BY_A_USER = 7;
const USER_ID = '5f0c8f0e-6a52-4c0c-9d0b-6b1c0a4e2f11';

export interface HistoryOptions {
  /** The last of them was created so long before that. */
  readonly beforeMs: number;
  readonly intervalMs: number;
  readonly applicationId: string;
  /** How many printers there are. */
  readonly printers: number;
}

/** Jobs of before the emulator was started: each is made from its number when it is looked at, so a million of them cost nothing. */
export class JobHistory {
  private readonly printing: readonly ListedJob['printer'][];

  constructor(
    public length: number,
    private readonly options: HistoryOptions,
  ) {
    const printing = printersOf(options.printers).filter(({ behaviour }) => behaviour === 'prints');
    this.printing = printing.map(({ record }) => record);
  }

  /** The oldest is at 0. */
  at(position: number): ListedJob {
    const { beforeMs, intervalMs, applicationId } = this.options;
    const isByUser = position % BY_A_USER === 0;
    const createdAtMs = beforeMs - (this.length - position) * intervalMs;
    return {
      id: `01d00000-0000-4000-8000-${position.toString(16).padStart(12, '0')}`,
      printer: this.printing[position % this.printing.length] as ListedJob['printer'],
      creatorId: isByUser ? USER_ID : applicationId,
      creatorType: isByUser ? 'USER' : 'API',
      status: 'COMPLETED',
      createdAtMs,
      updatedAtMs: createdAtMs + CARD_TAKES_MS,
    };
  }
}
