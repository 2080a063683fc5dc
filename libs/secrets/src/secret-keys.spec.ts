import { loadConfig, Secret } from '#libs/config';
import { MemoryStore, StoreUnavailable } from '#libs/store';
import { SecretKeyConfig } from './secret-key.config.js';
import { SecretKeys } from './secret-keys.js';

const SECRET = 'a secret of thirty-two bytes or more';

describe('the keys of an installation', () => {
  let store: MemoryStore;
  beforeEach(() => (store = new MemoryStore({ maxEntries: 100, now: () => 0 })));
  const open = (secret?: string) =>
    new SecretKeys(store, secret === undefined ? undefined : new Secret(secret));

  it('are the same for all gateways that have the same secret, and others for each purpose and secret', async () => {
    const hash = async (secret: string | undefined, purpose: 'audit' | 'cursor') =>
      (await open(secret).keyFor(purpose)).hash('some', 'thing');
    expect(await hash(SECRET, 'audit')).toBe(await hash(SECRET, 'audit'));
    const all = [
      hash(SECRET, 'audit'),
      hash(SECRET, 'cursor'),
      hash(`${SECRET}!`, 'audit'),
      hash(undefined, 'audit'),
    ];
    expect(new Set(await Promise.all(all)).size).toBe(4);
    expect((await open(SECRET).keyFor('audit')).id).not.toBe((await open(`${SECRET}!`).keyFor('audit')).id);
  });

  it('come of one secret in the store when none is set, whoever is first', async () => {
    const gateways = Array.from({ length: 20 }, () => open());
    const hashes = await Promise.all(gateways.map(async (keys) => (await keys.keyFor('audit')).hash('x')));
    expect(new Set(hashes).size).toBe(1);
  });

  it('are not there while the store is away, and are when it is back', async () => {
    const keys = open();
    const get = store.get.bind(store);
    store.get = () => Promise.reject(new StoreUnavailable());
    expect(keys.keyIfLoaded('audit')).toBeUndefined();
    await expect(keys.keyFor('audit')).rejects.toBeInstanceOf(StoreUnavailable);
    store.get = get;
    const key = await keys.keyFor('audit');
    expect(keys.keyIfLoaded('audit')).toBe(key);
    store.get = () => Promise.reject(new StoreUnavailable());
    expect(keys.keyIfLoaded('cursor')).toBeDefined();
  });

  it('need no store when the secret is set', () => {
    store.get = () => Promise.reject(new StoreUnavailable());
    expect(open(SECRET).keyIfLoaded('audit')?.hash('x')).toMatch(/^[\w-]{43}$/);
  });

  it.each([
    ['too short', 'x'.repeat(31)],
    ['not a text', '\uFFFD'.repeat(32)],
  ])('are not made of a secret that is %s', (_, secret) => {
    expect(() => loadConfig([SecretKeyConfig], { SECRET_KEY: secret })).toThrow(
      /SECRET_KEY must be a text of at least 32 bytes/,
    );
    expect(() => loadConfig([SecretKeyConfig], { SECRET_KEY: secret })).not.toThrow(new RegExp(secret));
  });
});
