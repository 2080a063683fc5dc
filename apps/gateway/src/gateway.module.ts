import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AuthModule, JwtAuthGuard } from '#libs/auth';
import { CacheModule } from '#libs/cache';
import { ConfigModule, type Config } from '#libs/config';
import { IdaasModule } from '#libs/idaas';
import { LimitsModule } from '#libs/limits';
import { PermissionsGuard, PolicyModule } from '#libs/policy';
import { ProblemFilter } from '#libs/problem';
import { StoreModule } from '#libs/store';
import { TelemetryModule, type Logger, type Metrics } from '#libs/telemetry';
import { RequestRateGuard } from './http/request-rate.guard.js';
import { JobsModule } from './jobs/jobs.module.js';
import { ManagementModule } from './management/management.module.js';
import { MeModule } from './me/me.module.js';
import { PrintModule } from './print/print.module.js';
import { PrintersModule } from './printers/printers.module.js';
import { ReadLaneModule } from './read-lane/read-lane.module.js';
import { UnknownPrintsModule } from './unknown-prints/unknown-prints.module.js';

/** The composition root: a list of the parts, and the way every request takes through them. */
@Module({
  imports: [
    AuthModule,
    PolicyModule,
    IdaasModule,
    StoreModule,
    CacheModule,
    LimitsModule,
    PrintModule,
    UnknownPrintsModule,
    JobsModule,
    MeModule,
    PrintersModule,
    ManagementModule,
    ReadLaneModule,
  ],
  providers: [
    // Order matters: who is calling, what they may do, how often.
    { provide: APP_GUARD, useExisting: JwtAuthGuard },
    { provide: APP_GUARD, useExisting: PermissionsGuard },
    { provide: APP_GUARD, useClass: RequestRateGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class GatewayModule {
  static of(config: Config, log: Logger, metrics: Metrics): DynamicModule {
    return { module: GatewayModule, imports: [ConfigModule.of(config), TelemetryModule.of(log, metrics)] };
  }
}
