import { Module, type Provider } from '@nestjs/common';
import { Store } from '#libs/store';
import { Metrics } from '#libs/telemetry';
import { CardQuota } from './card-quota.js';
import { LimitsConfig } from './limits.config.js';
import { QuotaDays } from './quota-day.js';
import { PacedRate } from './paced-rate.js';
import { RequestRate } from './request-rate.js';
import { UpstreamGates } from './upstream-gates.js';

/** How long it may take from reserving cards to sending, beside waiting for the printer and for the upstream; what takes longer is not sent. */
const PREPARING_MS = 15_000;

const quota: Provider = {
  provide: CardQuota,
  inject: [Store, LimitsConfig],
  useFactory: (store: Store, { timeZone, waitMs }: LimitsConfig) =>
    new CardQuota(store, new QuotaDays(timeZone), 2 * waitMs + PREPARING_MS),
};

const rate: Provider = {
  provide: RequestRate,
  inject: [Store],
  useFactory: (store: Store) => new RequestRate(store.expendable, () => Date.now()),
};

const paced: Provider = {
  provide: PacedRate,
  inject: [RequestRate],
  useFactory: (requests: RequestRate) => new PacedRate(requests, () => Date.now()),
};

const gates: Provider = {
  provide: UpstreamGates,
  inject: [LimitsConfig, Metrics],
  useFactory: ({ parallel, parallelPrints, waiting, waitMs }: LimitsConfig, metrics: Metrics) => {
    const each = new UpstreamGates({ parallel, parallelPrints, waiting, waitMs });
    each.show(metrics);
    return each;
  },
};

@Module({
  providers: [quota, rate, paced, gates],
  exports: [CardQuota, RequestRate, PacedRate, UpstreamGates],
})
export class LimitsModule {}
