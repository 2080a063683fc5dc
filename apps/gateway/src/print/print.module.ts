import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { useContainer } from 'class-validator';
import { IdaasModule } from '#libs/idaas';
import { ClaimRegistry } from '#libs/idempotency';
import { JobsModule } from '#libs/jobs';
import { LimitsModule } from '#libs/limits';
import { StatusModule } from '../status/status.module.js';
import { CardImageConstraint } from './card-image.decorator.js';
import { ONCE_PROVIDERS } from './once.provider.js';
import { PrintCountsService } from './print-counts.service.js';
import { PrintController } from './print.controller.js';
import { PrintService } from './print.service.js';
import { UnknownPrintsController } from './unknown-prints.controller.js';
import { UnknownPrintsService } from './unknown-prints.service.js';

@Module({
  imports: [IdaasModule, JobsModule, LimitsModule, StatusModule],
  controllers: [PrintController, UnknownPrintsController],
  providers: [...ONCE_PROVIDERS, PrintService, PrintCountsService, UnknownPrintsService, CardImageConstraint],
})
export class PrintModule implements OnApplicationShutdown {
  /** class-validator makes its own constraints; the one that has a setting comes from here. */
  constructor(
    constraint: CardImageConstraint,
    private readonly claims: ClaimRegistry,
  ) {
    const get = (type: unknown) => (type === CardImageConstraint ? constraint : undefined);
    useContainer({ get: get as never }, { fallback: true });
  }

  onApplicationShutdown(): void {
    this.claims.close();
  }
}
