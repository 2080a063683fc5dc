import { Module, type Provider } from '@nestjs/common';
import { IdaasConfig, provesNothingDone } from '#libs/idaas';
import { ClaimRegistry, IdempotencyConfig, Once } from '#libs/idempotency';
import { GatewayBusy, LimitsConfig, LimitsModule } from '#libs/limits';
import { SecretKeys } from '#libs/secrets';
import { Store, WriteBehind } from '#libs/store';
import { CardReservations } from './card-reservations.js';

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
    const times = { leaseMs, completedMs, unknownMs, marginMs, callMs: waitMs + printTimeoutMs };
    return new ClaimRegistry(store, unwritten, keys, times, () => Date.now(), printWithoutRedis === 'on');
  },
};

const once: Provider = {
  provide: Once,
  inject: [ClaimRegistry],
  useFactory: (registry: ClaimRegistry) =>
    new Once(registry, (error) => error instanceof GatewayBusy || provesNothingDone(error)),
};

@Module({
  imports: [LimitsModule],
  providers: [claims, once, CardReservations],
  exports: [ClaimRegistry, Once, CardReservations],
})
export class OnceModule {}
