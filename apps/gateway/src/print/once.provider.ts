import type { Provider } from '@nestjs/common';
import { IdaasConfig, provesNothingDone } from '#libs/idaas';
import { ClaimRegistry, IdempotencyConfig, Once } from '#libs/idempotency';
import { CardQuotaExceeded } from '#libs/limits';
import { Store, StoreUnavailable } from '#libs/store';

/** What is left after the longest call, to write down how it ended. */
const MARGIN_MS = 30_000;

/** Here idempotency and the upstream meet: how long a call may take, and what its failures prove. */
export const ONCE_PROVIDERS: Provider[] = [
  {
    provide: ClaimRegistry,
    inject: [Store, IdempotencyConfig, IdaasConfig],
    useFactory: (
      store: Store,
      { leaseMs, completedMs, unknownMs }: IdempotencyConfig,
      idaas: IdaasConfig,
    ) => {
      const times = { leaseMs, completedMs, unknownMs, sentMs: idaas.printTimeoutMs + MARGIN_MS };
      return new ClaimRegistry(store, times, () => Date.now());
    },
  },
  {
    provide: Once,
    inject: [ClaimRegistry],
    useFactory: (claims: ClaimRegistry) => new Once(claims, provesNothingSent),
  },
];

/** The quota is asked right before the call: its refusal, and its absence, come before anything is sent. */
function provesNothingSent(error: unknown): boolean {
  return error instanceof CardQuotaExceeded || error instanceof StoreUnavailable || provesNothingDone(error);
}
