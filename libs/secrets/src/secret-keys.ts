import { hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from '#libs/config';
import { StoreUnavailable, type Store } from '#libs/store';
import { PurposeKey } from './purpose-key.js';
import { MIN_SECRET_BYTES } from './secret-key.config.js';

const STORE_KEY = 'secret-key';
const TEN_YEARS_MS = 315_360_000_000;
const KEY_BYTES = 32;
const ID_BYTES = 6;

/** What keys are for; none is used for two purposes. */
export type Purpose = 'audit' | 'cursor' | 'dpop-nonce' | 'fingerprint' | 'status-event';

/**
 * The keys of the installation, one for each purpose (HKDF, RFC 5869). They come from the setting; where it is left out, from a secret
 * that the first gateway makes, and all take from the Store. While that is away and was not read yet there are no keys.
 */
export class SecretKeys {
  private readonly keys = new Map<Purpose, PurposeKey>();
  private secret: string | undefined;
  private loading: Promise<string> | undefined;

  constructor(
    private readonly store: Store,
    configured: Secret | undefined,
  ) {
    this.secret = configured?.reveal();
  }

  /** Throws `StoreUnavailable` when the secret cannot be had now; asked again, it looks again. */
  async keyFor(purpose: Purpose): Promise<PurposeKey> {
    const known = this.keys.get(purpose);
    if (known) return known;
    this.secret ??= await this.load();
    return this.derive(purpose, this.secret);
  }

  /** At once, or undefined while it is not known; then it is looked for. */
  keyIfLoaded(purpose: Purpose): PurposeKey | undefined {
    const known = this.keys.get(purpose);
    if (known) return known;
    if (this.secret !== undefined) return this.derive(purpose, this.secret);
    this.keyFor(purpose).catch(() => {});
    return undefined;
  }

  private derive(purpose: Purpose, secret: string): PurposeKey {
    const bytes = (info: string, length: number) =>
      Buffer.from(hkdfSync('sha256', secret, '', `print-gateway ${info}`, length));
    const key = new PurposeKey(bytes('key id', ID_BYTES).toString('base64url'), bytes(purpose, KEY_BYTES));
    this.keys.set(purpose, key);
    return key;
  }

  private load(): Promise<string> {
    this.loading ??= this.sharedSecret().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async sharedSecret(): Promise<string> {
    const fresh = randomBytes(MIN_SECRET_BYTES).toString('base64url');
    await this.store.setIfAbsent(STORE_KEY, fresh, TEN_YEARS_MS);
    const kept = await this.store.get(STORE_KEY);
    if (kept === undefined || kept.length < MIN_SECRET_BYTES)
      throw new StoreUnavailable(new Error('the secret of the installation is not there as it was made'));
    return kept;
  }
}
