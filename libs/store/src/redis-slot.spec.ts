import { slotOf } from './redis-slot.js';

describe('the slot of a key', () => {
  // As CLUSTER KEYSLOT answers them.
  it.each([
    ['123456789', 12_739],
    ['{print-gateway:}secret-key', 9_320],
    ['foo{}{bar}', 8_363],
    ['foo{{bar}}zap', 4_015],
    ['{user1000}.following', 3_443],
  ])('of %s is %i', (key, slot) => {
    expect(slotOf(key)).toBe(slot);
  });
});
