import { eventually } from '../support/eventually.js';
import { RedisInventory, redisUrl, type RedisStore, type RedisTarget } from '#libs/store';

const A_DAY_MS = 86_400_000;

/** What holds of an inventory, wherever the Redis is. */
export function inventoryBehaviour(
  subject: () => {
    readonly url: string;
    readonly store: RedisStore;
    /** Before each key of the store. */
    readonly prefix: string;
    /** Sends a command of its own to Redis. */
    readonly command: (...words: string[]) => Promise<string>;
  },
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

    it('drops what stands in the place of an old record with it, also when that was replaced itself', async () => {
      const { store, prefix, command } = subject();
      const all = () => recordsOf('inventory-ages');
      const texts = async () => (await all()).map(({ record }) => record);
      await command('XADD', `${prefix}inventory-ages`, `${A_DAY_MS}-0`, 'record', 'old');
      await store.append('inventory-ages', 'young', 100);
      for (const by of ['old without a name', 'old without any']) {
        const replaced = (await all()).find(({ record }) => record.startsWith('old'));
        await inventory.replaceRecords('inventory-ages', [{ id: replaced?.id ?? '', by }]);
        await store.dropOlder('inventory-ages', Date.now() - A_DAY_MS / 2);
        expect(await texts()).toEqual(['young', by]);
      }
      await store.dropOlder('inventory-ages', A_DAY_MS);
      expect(await texts()).toEqual(['young']);
    });

    it('drops as many as were replaced, and leaves nothing of them', async () => {
      const { store } = subject();
      const numbers = Array.from({ length: 1_200 }, (_, at) => `${at}`);
      await Promise.all(numbers.map((number) => store.append('inventory-many', number, 2_000)));
      const replacements = (await recordsOf('inventory-many')).map(({ id, record }) => ({
        id,
        by: `${record}!`,
      }));
      await inventory.replaceRecords('inventory-many', replacements);
      expect(await recordsOf('inventory-many')).toHaveLength(1_200);
      // Not those of this very millisecond.
      await eventually(async () => {
        await store.dropOlder('inventory-many', 0);
        expect(await recordsOf('inventory-many')).toEqual([]);
      });
      expect(await keysOf('inventory-many*')).toEqual(['inventory-many']);
    });
  });
}
