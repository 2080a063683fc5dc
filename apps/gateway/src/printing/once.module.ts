import { Module, type Provider } from '@nestjs/common';
import { AuthTokenRefused, isNotExecuted } from '#libs/idaas';
import { ClaimRegistry, IdempotencyConfig, Once, timeOfKey, type IdempotencyKey } from '#libs/idempotency';
import { GatewayBusy } from '#libs/limits';
import { OutcomesModule } from './outcome-resolution/outcomes.module.js';
import { ClaimsModule } from './claims.module.js';
import { PrinterQueue } from './printer-queue.js';

/** Here idempotency and the upstream meet: what the failures of a call prove. */
const once: Provider = {
  provide: Once,
  inject: [ClaimRegistry, PrinterQueue, IdempotencyConfig],
  useFactory: (claims: ClaimRegistry, queue: PrinterQueue, { completedMs }: IdempotencyConfig) =>
    new Once(claims, queue, {
      provesNothingDone: (error) => error instanceof GatewayBusy || isNotExecuted(error),
      mayBeSentAgain: (error) => error instanceof AuthTokenRefused,
      isExpired: (key: IdempotencyKey) => (timeOfKey(key) ?? Infinity) < Date.now() - completedMs,
    }),
};

@Module({
  imports: [ClaimsModule, OutcomesModule],
  providers: [PrinterQueue, once],
  exports: [ClaimsModule, PrinterQueue, Once],
})
export class OnceModule {}
