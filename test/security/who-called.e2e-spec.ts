import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

const ME = '/api/gateway/v1/me';

describe('what the log tells of who called', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    const trust = ['false', 'true', '127.0.0.0/8,10.0.0.0/255.0.0.0,2001:db8::/32'];
    env = await TestEnvironment.open({
      gateways: trust.length,
      each: (index) => ({ TRUST_PROXY: trust[index] as string }),
    });
  });
  afterAll(() => env.close());
  const [NOBODY, ANYBODY, PROXIES] = [0, 1, 2];

  const lines = (requestId: string) =>
    env.output
      .split('\n')
      .filter((line) => line.includes(requestId))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const lineOf = async (send: (headers: Record<string, string>) => Promise<unknown>, msg = 'request') => {
    const requestId = randomUUID();
    await send({ 'x-request-id': requestId });
    return eventually(() => {
      const line = lines(requestId).find((each) => each.msg === msg || each.channel === msg);
      expect(line).toBeDefined();
      return line as Record<string, unknown>;
    });
  };
  const seenFrom = async (gateway: number, forwardedFor: string, path: string = ME) =>
    (
      await lineOf((headers) =>
        env.as('olga', gateway).get(path, { ...headers, 'x-forwarded-for': forwardedFor }),
      )
    ).clientAddress;

  it.each([fixtures.counts, ME])('tells the address and the user agent of a request to %s', async (path) => {
    const line = await lineOf((headers) =>
      env.as('olga').get(path, { ...headers, 'user-agent': 'badge-desk/2.1 "x" \\' }),
    );
    expect(line).toMatchObject({ clientAddress: '127.0.0.1', userAgent: 'badge-desk/2.1 "x" \\' });
  });

  it('believes only whom TRUST_PROXY names', async () => {
    const forwarded = '203.0.113.9, 198.51.100.7, 10.1.2.3';
    for (const path of [ME, fixtures.counts]) {
      expect(await seenFrom(NOBODY, forwarded, path)).toBe('127.0.0.1');
      expect(await seenFrom(ANYBODY, forwarded, path)).toBe('203.0.113.9');
      expect(await seenFrom(PROXIES, forwarded, path)).toBe('198.51.100.7');
    }
    expect(await seenFrom(PROXIES, '2001:db8::1')).toBe('2001:db8::1');
    expect(await seenFrom(PROXIES, '198.51.100.7:51234, 10.9.9.9:443')).toBe('198.51.100.7');
    expect(await seenFrom(PROXIES, '::ffff:198.51.100.7, ::ffff:10.9.9.9')).toBe('198.51.100.7');
  });

  it('takes nothing from a header that is no address', async () => {
    for (const forged of ['nobody', '","status":200,"x":"', '203.0.113.9:x', '', ', ,', '203.0.113.9, x'])
      expect(await seenFrom(ANYBODY, forged)).toBe('127.0.0.1');
  });

  it('keeps a long user agent to its beginning', async () => {
    const agent = 'a'.repeat(4_000);
    const line = await lineOf((headers) => env.as('olga').get(ME, { ...headers, 'user-agent': agent }));
    expect(line.userAgent).toBe('a'.repeat(200));
  });

  it.each([
    ['missing', undefined],
    ['malformed', 'Bearer not-a-token'],
    ['signature', 'forged'],
  ])('tells and counts why a token is refused: %s', async (reason, given) => {
    const olgas = await env.tokenOf('olga');
    const authorization = given === 'forged' ? `Bearer ${olgas.slice(0, -40)}${'A'.repeat(40)}` : given;
    for (const path of [ME, fixtures.counts]) {
      const line = await lineOf((headers) =>
        fetch(env.gatewayUrl + path, { headers: { ...headers, ...(authorization && { authorization }) } }),
      );
      expect(line).toMatchObject({
        status: 401,
        problem: 'invalid-token',
        reason,
        clientAddress: '127.0.0.1',
      });
    }
    const metrics = await env.gateway(0).metrics();
    expect(metrics).toContain(`print_gateway_unauthenticated_requests_total{reason="${reason}"} 2`);
  });

  it('tells in the audit from where it was asked, and by what it was when it was refused', async () => {
    const by = { 'user-agent': 'curl/8' };
    const event = (who: string) =>
      lineOf((headers) => env.as(who).post(printPath(), printRequest(), { ...headers, ...by }), 'audit');
    expect(await event('victor')).toMatchObject({
      outcome: 'refused',
      clientAddress: '127.0.0.1',
      userAgent: 'curl/8',
    });
    const done = await event('olga');
    expect(done).toMatchObject({ outcome: 'done', clientAddress: '127.0.0.1' });
    expect(done).not.toHaveProperty('userAgent');
  });
});
