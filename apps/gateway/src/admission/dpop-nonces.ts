import { Injectable } from '@nestjs/common';
import { SecretKeys } from '#libs/secrets';

const SLOT_MS = 60_000;
/** How long a nonce may be used, from first to last: its own minute, the next, and what the clocks of two gateways may differ. */
export const NONCE_LIFE_MS = 3 * SLOT_MS;

/**
 * Nonces for DPoP proofs (RFC 9449 §9). They follow from the time and the secret of the installation, so that every gateway knows those of
 * all others, and none is kept.
 */
@Injectable()
export class DpopNonces {
  constructor(private readonly secrets: SecretKeys) {}

  /** Rejects with `StoreUnavailable` while the secret cannot be had. */
  async current(): Promise<string> {
    return this.of(slotNow());
  }

  /** Whether it was given out in this minute or the one before. Rejects like `current`. */
  async isCurrent(nonce: string | undefined): Promise<boolean> {
    const slot = slotNow();
    const known = await Promise.all([slot, slot - 1, slot + 1].map((each) => this.of(each)));
    return nonce !== undefined && known.includes(nonce);
  }

  private async of(slot: number): Promise<string> {
    return (await this.secrets.keyFor('dpop-nonce')).hash(String(slot));
  }
}

function slotNow(): number {
  return Math.floor(Date.now() / SLOT_MS);
}
