/** So many digits are looked at in one step: whole groups of four, few enough to stay near the processor. */
const STEP = 32_768;
/** What a step decodes to; nobody reads it. */
const scratch = Buffer.allocUnsafeSlow((STEP / 4) * 3);

/**
 * Whether these bytes are digits of base64 and nothing else, in either alphabet of RFC 4648 (§4, §5): the vendor's document asks for
 * "base64 url", browsers write the other. Node's decoder passes over what is none, so that a foreign character shows in the
 * length: to look at each of a million would cost ten times as much. One digit alone at the end is none.
 */
export function areBase64Digits(bytes: Buffer): boolean {
  if (bytes.length % 4 === 1) return false;
  for (let at = 0; at < bytes.length; at += STEP) {
    const digits = bytes.toString('latin1', at, at + STEP);
    if (scratch.write(digits, 'base64') !== Math.floor((digits.length * 3) / 4)) return false;
  }
  return true;
}
