import { Logger } from '@nestjs/common';
import { RepeatedLines } from '#libs/telemetry';
import { redisErrorKind } from './redis-errors.js';

/** Says what is wrong with Redis, and what to do: each kind of error at once, and while it lasts once a minute. */
export class RedisErrorLog {
  private readonly log = new Logger('Redis');
  private readonly lines = new RepeatedLines(() => performance.now());

  saw(error: unknown): void {
    const { name, advice } = redisErrorKind(error);
    if (!this.lines.isDue(name)) return;
    const reason = (error as { message?: string } | undefined)?.message ?? String(error);
    this.log.error({ kind: name, reason: withoutArguments(reason) }, `Redis: ${name}. ${advice}`);
  }

  /** All is well: whatever comes next is said at once. */
  clear(): void {
    this.lines.clear();
  }
}

/** Redis repeats the arguments of a command that it does not know, and those of AUTH are secret. */
function withoutArguments(reason: string): string {
  return reason.replace(/,? with args beginning with.*/s, '');
}
