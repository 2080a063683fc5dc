import { Logger } from '@nestjs/common';
import { Secret } from '#libs/config';
import { AuthTokenService } from './auth-token.service.js';
import type { CredentialsSource } from './credentials-source.js';
import { CredentialsRefused, UpstreamBusy, UpstreamUnreachable } from './idaas.problems.js';
import type { Send, UpstreamResponse } from './send.js';
import { withAuthToken } from './with-auth-token.js';

const MINUTE_MS = 60_000;

describe('AuthTokenService', () => {
  let now: number;
  let asked: string[];
  let changed: () => void;
  let answer: () => Promise<UpstreamResponse>;
  let tokens: AuthTokenService;

  const json = (status: number, body: object, more: Partial<UpstreamResponse> = {}) =>
    Promise.resolve({
      status,
      contentType: 'application/json',
      retryAfter: undefined,
      date: undefined,
      text: JSON.stringify(body),
      ...more,
    });
  const issued = () =>
    json(200, {
      authToken: `token-${asked.length}`,
      creationTime: '2026-01-01T00:00:00Z',
      expirationTime: '2026-01-01T00:10:00Z',
    });

  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(() => {
    now = 0;
    asked = [];
    answer = issued;
    const current = { baseUrl: 'http://x', applicationId: 'app', sharedSecret: new Secret('secret') };
    const credentials = { current, onChange: (listener: () => void) => void (changed = listener) };
    const send: Send = ({ body }) => (asked.push(body as string), answer());
    tokens = new AuthTokenService(send, credentials as unknown as CredentialsSource, {
      timeoutMs: 1,
      now: () => now,
    });
  });

  it('authenticates once for all who wait, with the credentials', async () => {
    const got = await Promise.all(Array.from({ length: 50 }, async () => tokens.current()));
    expect(new Set(got)).toEqual(new Set(['token-1']));
    expect(asked).toEqual(['{"applicationId":"app","sharedSecret":"secret"}']);
  });

  it('serves on while the token is renewed ahead of its end', async () => {
    await tokens.current();
    now = 8.5 * MINUTE_MS;
    expect(await tokens.current()).toBe('token-1');
    expect(asked).toHaveLength(2);
    expect(await tokens.current()).toBe('token-2');
  });

  it('serves the old token to its end when the renewal fails', async () => {
    await tokens.current();
    answer = () => Promise.reject(new UpstreamUnreachable(false, undefined));
    now = 9 * MINUTE_MS;
    expect(await tokens.current()).toBe('token-1');
    now = 10 * MINUTE_MS;
    await expect(tokens.current()).rejects.toBeInstanceOf(UpstreamUnreachable);
  });

  it('does not hammer the upstream with credentials that were refused; pauses grow', async () => {
    answer = () => json(401, { errorCode: 'invalid_credentials' });
    const hour = Array.from({ length: 3_600 }, (_, second) => second * 1_000);
    for (now of hour) await expect(tokens.current()).rejects.toBeInstanceOf(CredentialsRefused);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.length).toBeLessThan(30);
  });

  it.each<[number, Partial<UpstreamResponse>]>([
    [429, {}],
    [408, {}],
    [500, {}],
    [503, { contentType: 'text/html', text: '<html>' }],
    [403, { contentType: 'text/html', text: '<html>' }],
    [404, { contentType: 'text/html', text: '<html>' }],
  ])(
    'takes %i (%j) for no refusal of the credentials, and tries again after a pause',
    async (status, more) => {
      answer = () => json(status, {}, more);
      for (let i = 0; i < 3; i += 1) await expect(tokens.current()).rejects.toBeInstanceOf(UpstreamBusy);
      expect(tokens.isRefused).toBe(false);
      expect(asked).toHaveLength(1);
      answer = issued;
      now += 6_000;
      expect(await tokens.current()).toBe('token-2');
    },
  );

  it('honours the pause that it is asked for, and tells who waits', async () => {
    answer = () => json(429, {}, { retryAfter: '17' });
    await expect(tokens.current()).rejects.toMatchObject({ headers: { 'retry-after': '17' } });
    now = 16_000;
    await expect(tokens.current()).rejects.toMatchObject({ headers: { 'retry-after': '1' } });
    expect(asked).toHaveLength(1);
    answer = issued;
    now = 17_001;
    expect(await tokens.current()).toBe('token-2');
  });

  it.each(['0', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'pauses all the same where it is asked to wait for %j',
    async (retryAfter) => {
      answer = () => json(503, {}, { retryAfter });
      await expect(tokens.current()).rejects.toBeInstanceOf(UpstreamBusy);
      await expect(tokens.current()).rejects.toBeInstanceOf(UpstreamBusy);
      expect(asked).toHaveLength(1);
    },
  );

  it('waits no longer than five minutes, whatever it is asked for', async () => {
    answer = () => json(503, {}, { retryAfter: '7200' });
    await expect(tokens.current()).rejects.toMatchObject({ headers: { 'retry-after': '300' } });
  });

  it('takes the 401 of a page for a refusal', async () => {
    answer = () => json(401, {}, { contentType: 'text/html', text: '<html>' });
    await expect(tokens.current()).rejects.toBeInstanceOf(CredentialsRefused);
    expect(tokens.isRefused).toBe(true);
  });

  it('tries changed credentials at once, also in a pause that the upstream asked for', async () => {
    answer = () => json(429, {}, { retryAfter: '3600' });
    await expect(tokens.current()).rejects.toBeInstanceOf(UpstreamBusy);
    answer = issued;
    changed();
    expect(await tokens.current()).toBe('token-2');
  });

  it('tries changed credentials at once', async () => {
    answer = () => json(401, {});
    await expect(tokens.current()).rejects.toBeInstanceOf(CredentialsRefused);
    answer = issued;
    changed();
    expect(await tokens.current()).toBe('token-2');
  });

  describe('with requests that the upstream refuses', () => {
    const refusing = (...good: string[]): Send => {
      return ({ authToken = '' }) => json(good.includes(authToken) ? 200 : 401, {});
    };
    const print = { operation: 'print', method: 'POST', path: '/', timeoutMs: 1 } as const;

    it('renews the token once for all of them', async () => {
      const send = withAuthToken(tokens)(refusing('token-2'));
      const answers = await Promise.all(Array.from({ length: 50 }, () => send(print)));
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      expect(asked).toHaveLength(2);
    });

    it('renews again at once as long as it helps', async () => {
      for (let i = 1; i <= 5; i += 1) {
        const send = withAuthToken(tokens)(refusing(`token-${i + 1}`));
        expect((await send(print)).status).toBe(200);
      }
      expect(asked).toHaveLength(6);
    });

    it('answers a second 401 with a fault of our credentials, and does not renew in a loop', async () => {
      const send = withAuthToken(tokens)(refusing());
      for (let i = 0; i < 20; i += 1) await expect(send(print)).rejects.toBeInstanceOf(CredentialsRefused);
      expect(asked).toHaveLength(2);
    });
  });
});
