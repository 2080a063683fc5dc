import { CREDENTIALS } from './emulator.js';
import { base64, CARD_DATA, jpeg, png } from './builders.js';

/** Whatever a test was about: nothing that its gateways wrote shows a secret, a token or card data. */
export function requireNothingLeaked(output: string, tokens: readonly string[]): void {
  const hidden = [CREDENTIALS.sharedSecret, ...tokens, base64(png()), base64(jpeg()), ...CARD_DATA];
  const leaked = hidden.filter((secret) => output.includes(secret));
  if (leaked.length > 0)
    throw new Error(`a gateway wrote ${leaked.length} secret(s), such as ${leaked[0]?.slice(0, 12)}…`);
}
