import { AuthConfig } from '#libs/auth';
import type { Config } from '#libs/config';
import { IdempotencyConfig } from '#libs/idempotency';
import { JobsConfig } from '#libs/jobs';
import { StoreConfig } from '#libs/store';
import { HttpConfig } from './server/http.config.js';
import { ResolutionConfig } from './printing/outcome-resolution/resolution.config.js';

/** A time as the environment says it, and how many milliseconds it is. */
interface Time {
  readonly name: string;
  readonly ms: number;
}

interface Pair {
  readonly longer: Time;
  readonly shorter: Time;
  /** Whether they may be the same. */
  readonly mayBeEqual?: boolean;
  /** How many times as long it must be; once when left out. */
  readonly times?: number;
  readonly otherwise: string;
}

/** What is wrong between settings of different parts, each of which is sound by itself. */
export function faultsBetweenSettings(config: Config): string[] {
  return [...pairsOf(config).filter(isFaulty).map(faultOf), ...tokenFaults(config)];
}

/** A token stands in a header. */
function tokenFaults(config: Config): string[] {
  return config.get(AuthConfig).maxTokenBytes <= config.get(HttpConfig).maxHeaderBytes
    ? []
    : ['AUTH_MAX_TOKEN_BYTES must not be more than MAX_HEADER_BYTES: no longer token would ever be read'];
}

function pairsOf(config: Config): Pair[] {
  const idempotency = config.get(IdempotencyConfig);
  const resolution = config.get(ResolutionConfig);
  const completed = { name: 'IDEMPOTENCY_COMPLETED_HOURS', ms: idempotency.completedMs };
  const unknown = { name: 'IDEMPOTENCY_UNKNOWN_DAYS', ms: idempotency.unknownMs };
  const jobs = { name: 'JOBS_RETENTION_DAYS', ms: config.get(JobsConfig).retentionMs };
  const settle = { name: 'RESOLUTION_SETTLE_MS', ms: resolution.settleMs };
  const interval = { name: 'RESOLUTION_INTERVAL_MS', ms: resolution.intervalMs };
  const command = { name: 'REDIS_COMMAND_TIMEOUT_MS', ms: config.get(StoreConfig).commandTimeoutMs };
  return [
    {
      longer: jobs,
      shorter: unknown,
      mayBeEqual: true,
      otherwise:
        'the job of another caller, forgotten before, could be taken for that of a print of unknown outcome',
    },
    {
      longer: jobs,
      shorter: completed,
      otherwise: 'a key would still answer with a job that its caller is not shown any more',
    },
    {
      longer: unknown,
      shorter: completed,
      otherwise: 'a key of unknown outcome would print again while answered ones still do not',
    },
    {
      longer: unknown,
      shorter: settle,
      otherwise: 'a print of unknown outcome would be forgotten before it can be found out',
    },
    {
      longer: unknown,
      shorter: interval,
      otherwise: 'a print of unknown outcome could be forgotten before anybody looks',
    },
    {
      longer: { name: 'IDEMPOTENCY_LEASE_MS', ms: idempotency.leaseMs },
      shorter: command,
      times: 3,
      mayBeEqual: true,
      otherwise: 'a key could be lost while it is renewed',
    },
    {
      longer: { name: 'IDEMPOTENCY_MARGIN_MS', ms: idempotency.marginMs },
      shorter: command,
      times: 3,
      mayBeEqual: true,
      otherwise:
        'a slow answer of Redis would count as a gateway that stood still, and nothing would be sent',
    },
  ];
}

function isFaulty({ longer, shorter, times = 1, mayBeEqual = false }: Pair): boolean {
  const leastMs = times * shorter.ms;
  return mayBeEqual ? longer.ms < leastMs : longer.ms <= leastMs;
}

function faultOf({ longer, shorter, times = 1, mayBeEqual = false, otherwise }: Pair): string {
  const least = times === 1 ? shorter.name : `${times} times ${shorter.name}`;
  return `${longer.name} must be ${mayBeEqual ? 'at least as long as' : 'longer than'} ${least}: ${otherwise}`;
}
