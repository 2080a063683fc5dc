import { digestOf, type Identity } from '#libs/contract';
import { counterPatternsOf } from '#libs/limits';
import type { RedisInventory, Store } from '#libs/store';
import type { Desk } from './desk.js';
import { eraseAll } from './erasure.js';
import { Person } from './person.js';

const OLGA: Identity = { issuer: 'https://i', subject: 'olga', tenant: 'acme' };
const COUNTER = `quota:{${digestOf(OLGA.issuer, OLGA.tenant, OLGA.subject)}}:2026-11-27`;

/** An installation that knows of Olga's tenant by one audit event alone. */
class Installation {
  readonly keys = new Set([COUNTER]);
  readonly audit = new Map([['1-0', JSON.stringify({ by: OLGA, operation: 'print' })]]);
  /** What Redis does not do for now. */
  broken: 'deletions' | 'replacements' | undefined;

  erase(erases = true) {
    const inventory = {
      // eslint-disable-next-line @typescript-eslint/require-await -- as the real one
      keys: async function* (pattern: string) {
        if (counterPatternsOf(OLGA).includes(pattern)) yield [...keys];
      },
      // eslint-disable-next-line @typescript-eslint/require-await -- as the real one
      records: async function* (stream: string) {
        if (stream === 'audit') yield [...audit].map(([id, record]) => ({ id, record }));
      },
      replaceRecords: (_stream: string, replaced: readonly { id: string }[]) => {
        if (this.broken === 'replacements') return Promise.reject(new Error('away'));
        replaced.forEach(({ id }) => this.audit.delete(id));
        return Promise.resolve(replaced.length);
      },
    };
    const store = {
      readIndex: () => Promise.resolve([]),
      delete: (key: string) =>
        this.broken === 'deletions'
          ? Promise.reject(new Error('away'))
          : Promise.resolve(this.keys.delete(key)),
    };
    const { keys, audit } = this;
    const person = new Person({ ...OLGA, tenant: undefined });
    return eraseAll({
      inventory: inventory as unknown as RedisInventory,
      store: store as unknown as Store,
      person,
      erases,
    } satisfies Desk);
  }
}

describe('an erasure in every tenant', () => {
  it.each(['deletions', 'replacements'] as const)(
    'that broke at %s leaves nothing when it is made again',
    async (broken) => {
      const installation = new Installation();
      installation.broken = broken;
      await expect(installation.erase()).rejects.toThrow('away');
      installation.broken = undefined;
      expect(await installation.erase()).toMatchObject({ events: 1 });
      expect([installation.keys.size, installation.audit.size]).toEqual([0, 0]);
    },
  );

  it('finds the counters of the tenants that jobs and events tell, and changes nothing where it is to look only', async () => {
    const installation = new Installation();
    expect(await installation.erase(false)).toMatchObject({ jobs: 0, events: 1, counters: 1 });
    expect([installation.keys.size, installation.audit.size]).toEqual([1, 1]);
  });
});
