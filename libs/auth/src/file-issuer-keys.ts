import type { KeyObject } from 'node:crypto';
import type { IssuerKeys } from './issuer-keys.js';

/** One key that stands in a file named by the policy; a changed file comes in as a changed policy does. */
export class FileIssuerKeys implements IssuerKeys {
  constructor(private readonly key: KeyObject) {}

  find(): Promise<KeyObject> {
    return Promise.resolve(this.key);
  }

  renewedAfterBadSignature(): Promise<boolean> {
    return Promise.resolve(false);
  }

  stop(): void {
    // It does nothing by itself.
  }
}
