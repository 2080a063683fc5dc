import { Module, type Provider } from '@nestjs/common';
import { IdaasConfig } from '#libs/idaas';
import { ClaimRegistry, IdempotencyConfig, PrinterTurns } from '#libs/idempotency';
import { JobRegistryModule } from '#libs/jobs';
import { LimitsConfig, LimitsModule } from '#libs/limits';
import { SecretKeys } from '#libs/secrets';
import { Store, StoreClock, DeferredWrites } from '#libs/store';
import { PrintQuota } from './print-quota.js';

/**
 * Answers are kept for so much longer than keys that carry a time are taken: as much may a caller's clock be ahead of the gateway's, and
 * the gateway's behind that of Redis, before a key is taken whose answer is forgotten.
 */
const CLOCKS_DIFFER_MS = 3_600_000;

/** Here idempotency learns how long a call of the upstream may take. */
const claims: Provider = {
  provide: ClaimRegistry,
  inject: [Store, DeferredWrites, SecretKeys, StoreClock, IdempotencyConfig, IdaasConfig, LimitsConfig],
  useFactory: (
    store: Store,
    unwritten: DeferredWrites,
    keys: SecretKeys,
    clock: StoreClock,
    { leaseMs, completedMs, unknownMs, marginMs, printWithoutRedis }: IdempotencyConfig,
    { printTimeoutMs }: IdaasConfig,
    { waitMs }: LimitsConfig,
  ) => {
    const keptMs = completedMs + CLOCKS_DIFFER_MS;
    const times = { leaseMs, completedMs: keptMs, unknownMs, marginMs, callMs: waitMs + printTimeoutMs };
    return new ClaimRegistry(store, unwritten, keys, clock, times, printWithoutRedis === 'on');
  },
};

const turns: Provider = {
  provide: PrinterTurns,
  inject: [Store, StoreClock, IdempotencyConfig],
  useFactory: (store: Store, clock: StoreClock, { leaseMs }: IdempotencyConfig) =>
    new PrinterTurns(store, clock, { leaseMs }),
};

@Module({
  imports: [LimitsModule, JobRegistryModule],
  providers: [claims, turns, PrintQuota],
  exports: [ClaimRegistry, PrinterTurns, PrintQuota],
})
export class ClaimsModule {}
