import { RedisInventory, redisUrl, type RedisStore, type RedisTarget } from '#libs/store';

/** What holds of an inventory, wherever the Redis is. */
export function inventoryBehaviour(
  subject: () => { readonly url: string; readonly store: RedisStore },
): void {
  describe('its inventory', () => {
    let inventory: RedisInventory;
    beforeAll(async () => {
      const target = redisUrl.parse(subject().url) as RedisTarget;
      inventory = await RedisInventory.open(target, { keyPrefix: 'test:', commandTimeoutMs: 1_000 });
    });
    afterAll(() => inventory.close());

    const keysOf = async (pattern: string) => {
      const keys = new Set<string>();
      for await (const page of inventory.keys(pattern)) for (const key of page) keys.add(key);
      return [...keys].sort();
    };
    const recordsOf = async (stream: string) => {
      const records: { id: string; record: string }[] = [];
      for await (const page of inventory.records(stream)) records.push(...page);
      return records;
    };

    it('finds each key of a pattern and no other, however many there are, and what stands there for how long', async () => {
      const names = Array.from({ length: 1_200 }, (_, at) => `{inventory-${at}}:job`);
      await Promise.all(names.map((name) => subject().store.set(name, `of ${name}`, 60_000)));
      await subject().store.set('{inventory-0}:status', '', 60_000);
      expect(await keysOf('{inventory-*}:job')).toEqual(names.sort());
      expect(await inventory.values(['{inventory-7}:job', '{inventory-none}:job'])).toEqual([
        'of {inventory-7}:job',
        undefined,
      ]);
      expect(await inventory.leftMs('{inventory-7}:job')).toBeGreaterThan(30_000);
      expect(await inventory.leftMs('{inventory-none}:job')).toBeUndefined();
    });

    it('reads a stream from its beginning, and puts what is left of a record in its place once', async () => {
      for (let at = 0; at < 3; at += 1) await subject().store.append('inventory', `record ${at}`, 100);
      const [first, second] = await recordsOf('inventory');
      const replacements = [
        { id: first?.id ?? '', by: undefined },
        { id: second?.id ?? '', by: 'record 1 without a name' },
      ];
      expect(await inventory.replaceRecords('inventory', replacements)).toBe(2);
      expect(await inventory.replaceRecords('inventory', replacements)).toBe(0);
      const left = (await recordsOf('inventory')).map(({ record }) => record);
      expect(left).toEqual(['record 2', 'record 1 without a name']);
    });
  });
}
