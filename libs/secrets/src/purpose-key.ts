import { createHmac } from 'node:crypto';

/** A key for one purpose, derived from the secret of the installation. */
export class PurposeKey {
  constructor(
    /** Tells which secret it comes from: what is hashed with another cannot be compared. */
    readonly id: string,
    private readonly key: Uint8Array,
  ) {}

  /** HMAC-SHA-256 (RFC 2104) of the pieces one behind the other. */
  sign(...pieces: readonly (string | Uint8Array)[]): Buffer {
    const hmac = createHmac('sha256', this.key);
    for (const piece of pieces) hmac.update(piece);
    return hmac.digest();
  }

  /** The same, as base64url. */
  hash(...pieces: readonly (string | Uint8Array)[]): string {
    return this.sign(...pieces).toString('base64url');
  }
}
