import type { KeyObject } from 'node:crypto';
import type { IssuerKeys } from './issuer-keys.js';

/** Of an issuer that is asked about each of its tokens. */
export class NoIssuerKeys implements IssuerKeys {
  find(): Promise<readonly KeyObject[]> {
    return Promise.resolve([]);
  }

  renewedAfterBadSignature(): Promise<boolean> {
    return Promise.resolve(false);
  }

  stop(): void {
    // It does nothing by itself.
  }
}
