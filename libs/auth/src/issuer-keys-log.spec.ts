import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { IssuerKeysLog } from './issuer-keys-log.js';
import { readKeySet } from './key-set.js';
import type { FetchedKeySet } from './key-set-fetch.js';
import { RemoteIssuerKeys } from './remote-issuer-keys.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('what is logged of keys that cannot be fetched', () => {
  let said: string[];
  let fetch: () => Promise<FetchedKeySet>;
  let keys: RemoteIssuerKeys;
  const published = () => Promise.resolve({ ...readKeySet('{"keys":[]}'), maxAgeMs: undefined });
  const away = () => Promise.reject(new Error('away'));
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    said = [];
    const say = (_: unknown, message: string) => said.push(message);
    Logger.overrideLogger({ log: say, warn: say, error: say });
    const now = () => performance.now();
    keys = new RemoteIssuerKeys({
      fetch: () => fetch(),
      changed: () => {},
      log: new IssuerKeysLog('https://login.example.com', now),
      now,
      times: {
        refreshMs: 5 * MINUTE_MS,
        minRefreshMs: MINUTE_MS,
        maxRefreshMs: 15 * MINUTE_MS,
        maxAgeMs: HOUR_MS,
        cooldownMs: 30_000,
        retryMs: 2_000,
        timeoutMs: 5_000,
      },
    });
  });
  afterEach(() => {
    keys.stop();
    Logger.overrideLogger(false);
    jest.useRealTimers();
  });

  it('says that there are none before the first fetch that succeeds', async () => {
    fetch = away;
    keys.start();
    await pass(1_000);
    expect(said).toEqual([expect.stringMatching(/cannot be fetched, and none are known; .* answered 503/)]);
    fetch = published;
    await pass(MINUTE_MS);
    expect(said[1]).toMatch(/are fetched now/);
  });

  it('says that the last ones are used while they are young enough, and that there are none afterwards', async () => {
    fetch = published;
    keys.start();
    await pass(1_000);
    fetch = away;
    said.length = 0;
    await pass(6 * MINUTE_MS);
    expect(said[0]).toMatch(/cannot be fetched; the last ones are used/);
    await pass(HOUR_MS);
    expect(said.filter((line) => line.includes('too old'))).toHaveLength(1);
    expect(said.at(-1)).toMatch(/none are known/);
  });
});
