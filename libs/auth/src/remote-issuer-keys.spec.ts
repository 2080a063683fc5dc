import { jest } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { IssuerKeysUnavailable } from './auth.problems.js';
import { readKeySet } from './key-set.js';
import type { FetchedKeySet } from './key-set-fetch.js';
import { RemoteIssuerKeys } from './remote-issuer-keys.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

async function jwk(kid: string): Promise<JWK> {
  const { publicKey } = await generateKeyPair('ES256');
  return { ...(await exportJWK(publicKey)), kid, alg: 'ES256' };
}

describe('RemoteIssuerKeys', () => {
  let fetches: number;
  let changes: number;
  let said: string[];
  let answer: () => Promise<FetchedKeySet>;
  let keys: RemoteIssuerKeys;
  let one: JWK;
  let two: JWK;
  const published = (list: JWK[], maxAgeMs?: number) => (): Promise<FetchedKeySet> =>
    Promise.resolve({ ...readKeySet(JSON.stringify({ keys: list })), maxAgeMs });
  const away = () => Promise.reject(new Error('away'));
  /** Lets the clock run; what it causes is awaited in small steps. */
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  beforeAll(async () => {
    [one, two] = await Promise.all([jwk('one'), jwk('two')]);
  });
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    [fetches, changes, said] = [0, 0, []];
    answer = published([one]);
    keys = new RemoteIssuerKeys({
      fetch: () => ((fetches += 1), answer()),
      changed: () => (changes += 1),
      log: {
        fetched: () => {},
        failed: () => said.push('failed'),
        expired: () => said.push('expired'),
      },
      now: () => performance.now(),
      times: {
        refreshMs: 5 * MINUTE_MS,
        minRefreshMs: MINUTE_MS,
        maxRefreshMs: 15 * MINUTE_MS,
        maxAgeMs: 24 * HOUR_MS,
        cooldownMs: 30_000,
        retryMs: 2_000,
        timeoutMs: 5_000,
      },
    });
  });
  afterEach(() => {
    keys.stop();
    jest.useRealTimers();
  });

  const find = async (kid: string) => (await keys.find({ alg: 'ES256', kid }))[0]?.asymmetricKeyType;

  describe('asked for keys', () => {
    it('fetches once for all who wait', async () => {
      const found = await Promise.all(Array.from({ length: 20 }, () => find('one')));
      expect(new Set(found)).toEqual(new Set(['ec']));
      expect(fetches).toBe(1);
    });

    it('fetches for unknown key ids once per cooldown', async () => {
      await find('one');
      for (let i = 0; i < 100; i += 1) expect(await find(`unknown-${i}`)).toBeUndefined();
      expect(fetches).toBe(1);
      await pass(30_000);
      await Promise.all(Array.from({ length: 100 }, (_, i) => find(`again-${i}`)));
      expect(fetches).toBe(2);
    });

    it('sees a rotation once the cooldown is over, and says that something changed', async () => {
      await find('one');
      answer = published([one, two]);
      expect(await find('two')).toBeUndefined();
      await pass(30_000);
      expect(await find('two')).toBe('ec');
      expect(changes).toBe(1);
    });

    it('says 503 of a key that it does not know while the issuer is away', async () => {
      await find('one');
      answer = away;
      await pass(6 * MINUTE_MS);
      expect(await find('one')).toBe('ec');
      await expect(find('two')).rejects.toBeInstanceOf(IssuerKeysUnavailable);
      expect(await find('one')).toBe('ec');
    });

    it('tries again soon after a first fetch that failed, and not at once', async () => {
      answer = away;
      await expect(find('one')).rejects.toBeInstanceOf(IssuerKeysUnavailable);
      await expect(find('one')).rejects.toBeInstanceOf(IssuerKeysUnavailable);
      expect(fetches).toBe(1);
      answer = published([one]);
      await pass(2_000);
      expect(await find('one')).toBe('ec');
    });

    it('tells whether a second look at a bad signature pays', async () => {
      await find('one');
      await pass(30_000);
      expect(await keys.renewedAfterBadSignature()).toBe(false);
      answer = published([await jwk('one')]);
      expect(await keys.renewedAfterBadSignature()).toBe(false);
      await pass(30_000);
      expect(await keys.renewedAfterBadSignature()).toBe(true);
    });

    it('does not take the same keys in another order, or others that are not used, for a change', async () => {
      answer = published([one, two]);
      await find('one');
      answer = published([two, { kty: 'oct', k: 'AAAA' }, one]);
      await pass(5 * MINUTE_MS);
      expect(fetches).toBe(2);
      expect(changes).toBe(0);
    });
  });

  describe('by the clock', () => {
    it('fetches each five minutes, though nobody asks for a key', async () => {
      keys.start();
      await pass(HOUR_MS);
      expect(fetches).toBeGreaterThanOrEqual(13);
      expect(fetches).toBeLessThanOrEqual(14);
    });

    it('sees within five minutes that a key is taken back, and says that something changed', async () => {
      answer = published([one, two]);
      keys.start();
      await pass(10);
      answer = published([two]);
      await pass(5 * MINUTE_MS);
      expect(changes).toBe(1);
      expect(await find('one')).toBeUndefined();
      expect(await find('two')).toBe('ec');
    });

    it('sees another key under the same id', async () => {
      keys.start();
      await pass(10);
      answer = published([await jwk('one')]);
      await pass(5 * MINUTE_MS);
      expect(changes).toBe(1);
    });

    it.each([
      ['one second', 1_000, 1],
      ['ten minutes', 10 * MINUTE_MS, 10],
      ['a day', 24 * HOUR_MS, 15],
    ])('keeps to a max-age of %s between one and fifteen minutes', async (_, maxAgeMs, minutes) => {
      answer = published([one], maxAgeMs);
      keys.start();
      await pass(minutes * MINUTE_MS * 0.89);
      expect(fetches).toBe(1);
      await pass(minutes * MINUTE_MS * 0.12);
      expect(fetches).toBe(2);
    });

    it('tries again after pauses that grow to a minute while the issuer is away', async () => {
      answer = away;
      keys.start();
      await pass(10 * MINUTE_MS);
      expect(fetches).toBeGreaterThan(10);
      expect(fetches).toBeLessThan(20);
      answer = published([one]);
      await pass(MINUTE_MS);
      expect(keys.ageMs).toBeLessThan(MINUTE_MS);
    });

    it('lets the last keys serve for a day, and then no longer, nor who was known by them', async () => {
      keys.start();
      await pass(10);
      answer = away;
      await pass(24 * HOUR_MS - MINUTE_MS);
      expect(await find('one')).toBe('ec');
      expect(changes).toBe(0);
      await pass(MINUTE_MS);
      expect(changes).toBe(1);
      expect(said).toContain('expired');
      await expect(find('one')).rejects.toBeInstanceOf(IssuerKeysUnavailable);
      answer = published([one]);
      await pass(MINUTE_MS);
      expect(await find('one')).toBe('ec');
    });

    it('makes a token wait for a fetch where the keys are overdue, instead of believing them', async () => {
      keys.start();
      await pass(10);
      // A process that stood still: the clock went on, and nothing ran.
      answer = published([two]);
      jest.setSystemTime(Date.now() + HOUR_MS);
      const ahead = performance.now() + HOUR_MS;
      jest.spyOn(performance, 'now').mockImplementation(() => ahead);
      expect(await find('one')).toBeUndefined();
      expect(fetches).toBe(2);
      jest.restoreAllMocks();
    });

    it('has an age, also before the first fetch', async () => {
      answer = away;
      keys.start();
      await pass(90_000);
      expect(keys.ageMs).toBeGreaterThanOrEqual(90_000);
    });

    it('leaves no timer when it is stopped, also in the middle of a fetch', async () => {
      keys.start();
      await pass(10);
      expect(jest.getTimerCount()).toBe(2);
      let finish = () => {};
      const set = await published([two])();
      answer = () => new Promise((resolve) => (finish = () => resolve(set)));
      await pass(5 * MINUTE_MS);
      keys.stop();
      finish();
      await pass(HOUR_MS);
      expect(jest.getTimerCount()).toBe(0);
      expect(fetches).toBe(2);
      expect(changes).toBe(0);
    });
  });
});
