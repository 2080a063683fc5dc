import { Logger } from '@nestjs/common';
import { RepeatedLines } from '#libs/telemetry';
import { KeyFetchFault, type FetchedKeySet } from './key-set-fetch.js';

/** Says what is wrong with the keys of one issuer: once, and while it lasts once a minute. */
export class IssuerKeysLog {
  private readonly log = new Logger('IssuerKeys');
  private readonly failures: RepeatedLines;
  private passedOver: readonly string[] = [];
  private isEmpty = false;

  constructor(
    private readonly issuer: string,
    now: () => number,
  ) {
    this.failures = new RepeatedLines(now);
  }

  fetched({ passedOver, isEmpty }: FetchedKeySet, isChange: boolean): void {
    const { issuer } = this;
    if (isChange)
      this.log.log({ issuer }, 'the keys of the issuer have changed; known tokens are verified anew');
    if (this.failures.clear()) this.log.log({ issuer }, 'the keys of the issuer are fetched now');
    for (const reason of passedOver)
      if (!this.passedOver.includes(reason))
        this.log.warn({ issuer, reason }, 'a published key is passed over');
    if (isEmpty && !this.isEmpty)
      this.log.warn({ issuer }, 'the issuer publishes no key that can be used; its tokens are refused');
    this.passedOver = passedOver;
    this.isEmpty = isEmpty;
  }

  /** `ageMs` is the age of the keys that are known; undefined where none are, or none any more. */
  failed(error: unknown, ageMs: number | undefined): void {
    const reason = error instanceof Error ? error.message : 'unknown';
    if (!this.failures.isDue(reason)) return;
    const { address, redirectTo } = error instanceof KeyFetchFault ? error : {};
    const ageSeconds = ageMs === undefined ? undefined : Math.round(ageMs / 1000);
    this.log.error(
      { issuer: this.issuer, reason, address, redirectTo, ageSeconds },
      ageMs === undefined
        ? 'the keys of the issuer cannot be fetched, and none are known; its tokens are answered 503 until they are'
        : 'the keys of the issuer cannot be fetched; the last ones are used while they are young enough',
    );
  }

  expired(): void {
    this.log.error(
      { issuer: this.issuer },
      'the keys of the issuer are too old to be used; its tokens are answered 503 until they are fetched',
    );
  }
}
