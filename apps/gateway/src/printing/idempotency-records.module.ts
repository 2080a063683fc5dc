import { Module, type Provider } from '@nestjs/common';
import { IdaasConfig } from '#libs/idaas';
import {
  IdempotencyConfig,
  IdempotencyRepository,
  InFlightSubmissions,
  PrinterTurns,
} from '#libs/idempotency';
import { JobRegistryModule } from '#libs/jobs';
import { LimitsConfig, LimitsModule } from '#libs/limits';
import { SecretKeys } from '#libs/secrets';
import { DeferredWrites, Store, StoreClock } from '#libs/store';
import { PrintQuota } from './print-quota.js';

/**
 * Responses are kept for so much longer than keys that carry a time are taken: as much may a caller's clock be ahead of the gateway's, and
 * the gateway's behind that of Redis, before a key is taken whose response is forgotten.
 */
const CLOCKS_DIFFER_MS = 3_600_000;

/** Here idempotency learns how long a call of the upstream may take. */
const repository: Provider = {
  provide: IdempotencyRepository,
  inject: [Store, DeferredWrites, SecretKeys, StoreClock, IdempotencyConfig, IdaasConfig, LimitsConfig],
  useFactory: (
    store: Store,
    deferredWrites: DeferredWrites,
    keys: SecretKeys,
    clock: StoreClock,
    config: IdempotencyConfig,
    { printTimeoutMs }: IdaasConfig,
    { waitMs }: LimitsConfig,
  ) => {
    const { leaseMs, marginMs } = config;
    const times = { leaseMs, marginMs, ...keptTimes(config), callMs: waitMs + printTimeoutMs };
    const mayExecuteWithoutStore = config.printWithoutRedis === 'on';
    return new IdempotencyRepository(store, deferredWrites, keys, clock, times, mayExecuteWithoutStore);
  },
};

const inFlight: Provider = {
  provide: InFlightSubmissions,
  inject: [Store, StoreClock, IdempotencyConfig],
  useFactory: (store: Store, clock: StoreClock, config: IdempotencyConfig) =>
    new InFlightSubmissions(store, clock, keptTimes(config)),
};

const turns: Provider = {
  provide: PrinterTurns,
  inject: [Store, StoreClock, IdempotencyConfig],
  useFactory: (store: Store, clock: StoreClock, { leaseMs }: IdempotencyConfig) =>
    new PrinterTurns(store, clock, { leaseMs }),
};

function keptTimes({ completedMs, unknownMs }: IdempotencyConfig) {
  return { completedMs: completedMs + CLOCKS_DIFFER_MS, unknownMs };
}

@Module({
  imports: [LimitsModule, JobRegistryModule],
  providers: [repository, inFlight, turns, PrintQuota],
  exports: [IdempotencyRepository, InFlightSubmissions, PrinterTurns, PrintQuota],
})
export class IdempotencyRecordsModule {}
