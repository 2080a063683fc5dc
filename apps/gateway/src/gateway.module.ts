import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { AuthModule } from '#libs/auth';
import { CacheModule } from '#libs/cache';
import { ConfigModule, type Config } from '#libs/config';
import { IdaasModule } from '#libs/idaas';
import { LimitsModule } from '#libs/limits';
import { PolicyModule } from '#libs/policy';
import { ProblemFilter } from '#libs/problem';
import { SecretsModule } from '#libs/secrets';
import { StoreModule } from '#libs/store';
import { TelemetryModule, type Log, type Metrics } from '#libs/telemetry';
import { AdmissionModule } from './admission/admission.module.js';
import { AdmittedGuard } from './admission/admitted.guard.js';
import { FastPathModule } from './fast-path/fast-path.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { ManagementModule } from './management/management.module.js';
import { MeModule } from './me/me.module.js';
import { PrintCountsModule } from './print-counts/print-counts.module.js';
import { PrintModule } from './printing/print.module.js';
import { PrintersModule } from './printers/printers.module.js';
import { UnknownPrintsModule } from './printing/outcome-resolution/unknown-prints.module.js';

/** What stands before Nest does. */
interface Foundation {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly problems: ProblemFilter;
}

/** The composition root: a list of the parts, and the way every request takes through them. */
@Module({
  imports: [
    AuthModule,
    PolicyModule,
    IdaasModule,
    StoreModule,
    SecretsModule,
    CacheModule,
    LimitsModule,
    AdmissionModule,
    PrintModule,
    PrintCountsModule,
    UnknownPrintsModule,
    JobsModule,
    MeModule,
    PrintersModule,
    ManagementModule,
    FastPathModule,
  ],
  providers: [
    // Who is calling and what they may do is decided before Nest sees the request (admission/); this guard only denies.
    { provide: APP_GUARD, useExisting: AdmittedGuard },
    { provide: APP_FILTER, useExisting: ProblemFilter },
  ],
})
export class GatewayModule {
  static forRoot({ config, log, metrics, problems }: Foundation): DynamicModule {
    return {
      module: GatewayModule,
      imports: [ConfigModule.forRoot(config), TelemetryModule.forRoot(log, metrics)],
      providers: [{ provide: ProblemFilter, useValue: problems }],
    };
  }
}
