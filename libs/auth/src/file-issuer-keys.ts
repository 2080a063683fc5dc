import type { KeyObject } from 'node:crypto';
import type { IssuerKeys, KeyHint } from './issuer-keys.js';
import { keyMisfit } from './key-requirements.js';

/** One key that stands in a file named by the policy; a changed file comes in as a changed policy does. */
export class FileIssuerKeys implements IssuerKeys {
  constructor(private readonly key: KeyObject) {}

  find({ alg }: KeyHint): Promise<readonly KeyObject[]> {
    return Promise.resolve(keyMisfit(this.key, alg) === undefined ? [this.key] : []);
  }

  renewedAfterBadSignature(): Promise<boolean> {
    return Promise.resolve(false);
  }

  stop(): void {
    // It does nothing by itself.
  }
}
