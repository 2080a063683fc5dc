import { integer, Setting } from '#libs/config';

/** How the gateway finds out by itself what became of a print whose answer was lost. */
export class ResolutionConfig {
  @Setting({
    name: 'RESOLUTION_INTERVAL_MS',
    kind: integer(50, 86_400_000),
    default: '5000',
    meaning:
      'how often it is looked for prints of unknown outcome, and the upstream is asked for its jobs if there are any',
  })
  readonly intervalMs!: number;

  @Setting({
    name: 'RESOLUTION_SETTLE_MS',
    kind: integer(0, 86_400_000),
    default: '60000',
    meaning:
      'how long after its end a print may still show up among the jobs of the upstream; too short prints cards twice',
  })
  readonly settleMs!: number;

  @Setting({
    name: 'RESOLUTION_SKEW_MS',
    kind: integer(0, 3_600_000),
    default: '10000',
    meaning: 'how much the clock of the upstream may differ from ours',
  })
  readonly skewMs!: number;
}
