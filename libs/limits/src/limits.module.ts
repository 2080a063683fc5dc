import { Module, type Provider } from '@nestjs/common';
import { Store } from '#libs/store';
import { CardQuota } from './card-quota.js';
import { LimitsConfig } from './limits.config.js';
import { LocalDays } from './local-day.js';

const quota: Provider = {
  provide: CardQuota,
  inject: [Store, LimitsConfig],
  useFactory: (store: Store, { timeZone }: LimitsConfig) =>
    new CardQuota(store, new LocalDays(timeZone), () => Date.now()),
};

@Module({ providers: [quota], exports: [CardQuota] })
export class LimitsModule {}
