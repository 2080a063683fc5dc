import { Module, type Provider } from '@nestjs/common';
import { AuthTokenRefused, isNotExecuted } from '#libs/idaas';
import {
  IdempotencyRepository,
  IdempotencyConfig,
  IdempotentExecutor,
  timeOfKey,
  type IdempotencyKey,
} from '#libs/idempotency';
import { GatewayBusy } from '#libs/limits';
import { OutcomesModule } from './outcome-resolution/outcomes.module.js';
import { IdempotencyRecordsModule } from './idempotency-records.module.js';
import { PrinterQueue } from './printer-queue.js';

/** Here idempotency and the upstream meet: what the failures of a call prove. */
const executor: Provider = {
  provide: IdempotentExecutor,
  inject: [IdempotencyRepository, PrinterQueue, IdempotencyConfig],
  useFactory: (repository: IdempotencyRepository, queue: PrinterQueue, { completedMs }: IdempotencyConfig) =>
    new IdempotentExecutor(repository, queue, {
      isNotExecuted: (error) => error instanceof GatewayBusy || isNotExecuted(error),
      isRetryable: (error) => error instanceof AuthTokenRefused,
      isExpired: (key: IdempotencyKey) => (timeOfKey(key) ?? Infinity) < Date.now() - completedMs,
    }),
};

@Module({
  imports: [IdempotencyRecordsModule, OutcomesModule],
  providers: [PrinterQueue, executor],
  exports: [IdempotencyRecordsModule, PrinterQueue, IdempotentExecutor],
})
export class IdempotencyModule {}
