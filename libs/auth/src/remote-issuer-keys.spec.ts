import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { IssuerKeysUnavailable } from './auth.problems.js';
import { RemoteIssuerKeys } from './remote-issuer-keys.js';

async function keySet(...kids: string[]) {
  const keys = await Promise.all(
    kids.map(async (kid) => ({
      ...(await exportJWK((await generateKeyPair('ES256')).publicKey)),
      kid,
      alg: 'ES256',
    })),
  );
  return { keys: createLocalJWKSet({ keys }), text: JSON.stringify(keys) };
}

describe('RemoteIssuerKeys', () => {
  let now = 0;
  let fetches = 0;
  let changes = 0;
  let answer: () => ReturnType<typeof keySet>;
  let keys: RemoteIssuerKeys;

  beforeEach(() => {
    [now, fetches, changes] = [0, 0, 0];
    answer = () => keySet('one');
    keys = new RemoteIssuerKeys({
      fetch: () => ((fetches += 1), answer()),
      changed: () => (changes += 1),
      now: () => now,
      cooldownMs: 30_000,
      retryMs: 2_000,
      refreshMs: 600_000,
    });
  });

  const find = async (kid: string) => (await keys.find({ alg: 'ES256', kid }))?.asymmetricKeyType;

  it('fetches once for all who wait', async () => {
    const found = await Promise.all(Array.from({ length: 20 }, () => find('one')));
    expect(new Set(found)).toEqual(new Set(['ec']));
    expect(fetches).toBe(1);
  });

  it('fetches for unknown key ids once per cooldown', async () => {
    await find('one');
    for (let i = 0; i < 100; i += 1) expect(await find(`unknown-${i}`)).toBeUndefined();
    expect(fetches).toBe(1);
    now += 30_000;
    await Promise.all(Array.from({ length: 100 }, (_, i) => find(`again-${i}`)));
    expect(fetches).toBe(2);
  });

  it('sees a rotation once the cooldown is over, and says that something changed', async () => {
    await find('one');
    answer = () => keySet('one', 'two');
    expect(await find('two')).toBeUndefined();
    now += 30_000;
    expect(await find('two')).toBe('ec');
    expect(changes).toBe(1);
  });

  it('serves the last good keys while the issuer is away, and says 503 of others', async () => {
    await find('one');
    answer = () => Promise.reject(new Error('away'));
    now += 700_000;
    expect(await find('one')).toBe('ec');
    await expect(find('two')).rejects.toBeInstanceOf(IssuerKeysUnavailable);
    expect(await find('one')).toBe('ec');
  });

  it('tries again soon after a first fetch that failed, and not at once', async () => {
    answer = () => Promise.reject(new Error('away'));
    await expect(find('one')).rejects.toBeInstanceOf(IssuerKeysUnavailable);
    await expect(find('one')).rejects.toBeInstanceOf(IssuerKeysUnavailable);
    expect(fetches).toBe(1);
    answer = () => keySet('one');
    now += 2_000;
    expect(await find('one')).toBe('ec');
  });

  it('tells whether a second look at a bad signature pays', async () => {
    const set = await keySet('one');
    answer = () => Promise.resolve(set);
    await find('one');
    now += 30_000;
    expect(await keys.renewedAfterBadSignature()).toBe(false);
    answer = () => keySet('one');
    expect(await keys.renewedAfterBadSignature()).toBe(false);
    now += 30_000;
    expect(await keys.renewedAfterBadSignature()).toBe(true);
  });
});
