import { Module, type Provider } from '@nestjs/common';
import { IdaasConfig, provesNothingDone } from '#libs/idaas';
import { ClaimRegistry, IdempotencyConfig, Once, timeOfKey, type IdempotencyKey } from '#libs/idempotency';
import { JobsModule } from '#libs/jobs';
import { GatewayBusy, LimitsConfig, LimitsModule } from '#libs/limits';
import { SecretKeys } from '#libs/secrets';
import { Store, WriteBehind } from '#libs/store';
import { CardReservations } from './card-reservations.js';

/**
 * Answers are kept for so much longer than keys that carry a time are taken: as much may a caller's clock be ahead of the gateway's, and
 * the gateway's behind that of Redis, before a key is taken whose answer is forgotten.
 */
const CLOCKS_DIFFER_MS = 3_600_000;

/** Here idempotency and the upstream meet: how long a call may take, and what its failures prove. */
const claims: Provider = {
  provide: ClaimRegistry,
  inject: [Store, WriteBehind, SecretKeys, IdempotencyConfig, IdaasConfig, LimitsConfig],
  useFactory: (
    store: Store,
    unwritten: WriteBehind,
    keys: SecretKeys,
    { leaseMs, completedMs, unknownMs, marginMs, printWithoutRedis }: IdempotencyConfig,
    { printTimeoutMs }: IdaasConfig,
    { waitMs }: LimitsConfig,
  ) => {
    const keptMs = completedMs + CLOCKS_DIFFER_MS;
    const times = { leaseMs, completedMs: keptMs, unknownMs, marginMs, callMs: waitMs + printTimeoutMs };
    return new ClaimRegistry(store, unwritten, keys, times, () => Date.now(), printWithoutRedis === 'on');
  },
};

const once: Provider = {
  provide: Once,
  inject: [ClaimRegistry, IdempotencyConfig],
  useFactory: (registry: ClaimRegistry, { completedMs }: IdempotencyConfig) => {
    const nothingDone = (error: unknown) => error instanceof GatewayBusy || provesNothingDone(error);
    const isExpired = (key: IdempotencyKey) => (timeOfKey(key) ?? Infinity) < Date.now() - completedMs;
    return new Once(registry, nothingDone, isExpired);
  },
};

@Module({
  imports: [LimitsModule, JobsModule],
  providers: [claims, once, CardReservations],
  exports: [ClaimRegistry, Once, CardReservations],
})
export class OnceModule {}
