import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Problem } from '#libs/problem';
import { RepeatedLines } from '#libs/telemetry';
import { AuthTokenService } from './auth-token.service.js';
import { UpstreamBusy } from './idaas.problems.js';

const TRY_EVERY_MS = 1_000;

/**
 * Authenticates when the gateway starts, so that a wrong secret or address is known before the first caller comes, and goes on trying
 * while the upstream has accepted none of the credentials, or refuses them now. Refused credentials are sent again as seldom as
 * `AuthTokenService` allows.
 */
@Injectable()
export class AuthenticationWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('AuthToken');
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private readonly lines = new RepeatedLines(() => performance.now());
  private failure: string | undefined = 'not authenticated yet';

  constructor(private readonly tokens: AuthTokenService) {}

  /** Why the upstream has never accepted the credentials since the start; undefined once it has. */
  get neverBecause(): string | undefined {
    return this.tokens.renewals > 0 ? undefined : this.failure;
  }

  onApplicationBootstrap(): void {
    void this.look();
  }

  onApplicationShutdown(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    if (this.tokens.renewals === 0 || this.tokens.isRefused) await this.tryOnce();
    if (!this.isStopped) this.timer = setTimeout(() => void this.look(), TRY_EVERY_MS).unref();
  }

  private async tryOnce(): Promise<void> {
    try {
      await this.tokens.current();
      // A token of before may serve on, although another is refused.
      if (!this.tokens.isRefused) this.log.log('the upstream accepts the credentials');
    } catch (error) {
      this.failure = (error instanceof Problem && error.detail) || 'the upstream cannot be reached';
      this.say(error);
    }
  }

  private say(err: unknown): void {
    const isBusy = err instanceof UpstreamBusy;
    if (!this.lines.isDue(isBusy ? 'busy' : 'failed')) return;
    const whatToDo = isBusy
      ? 'it asks for a pause, or is not itself; it is tried again'
      : 'look at the credentials file and at IDAAS_BASE_URL; it is tried again';
    this.log.error({ err }, `the upstream cannot be authenticated to: ${whatToDo}`);
  }
}
