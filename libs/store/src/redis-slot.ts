const SLOTS = 16_384;
const POLYNOMIAL = 0x1021;

/** The slot of a Redis Cluster in which a key stands: CRC16 of what is in its braces (Redis Cluster specification, "Key distribution model"). */
export function slotOf(key: string): number {
  const inBraces = /^[^{]*\{([^}]+)\}/.exec(key)?.[1] ?? key;
  let crc = 0;
  for (const byte of Buffer.from(inBraces)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? POLYNOMIAL : 0)) & 0xffff;
  }
  return crc % SLOTS;
}
