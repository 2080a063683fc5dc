import { ANY_RATE, TestEnvironment } from '../support/test-environment.js';
import { withinOneMinute } from '../support/minute.js';
import { printRequest } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

const SENT = 200;
const AT_ONCE = 20;

describe('requests that are refused for what their caller may not do', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      policy: (yaml) =>
        yaml
          .replaceAll(ANY_RATE, 'requestsPerMinute: 30')
          .replace('copies: 5, cardsPerDay: 200, requestsPerMinute: 30', 'copies: 5'),
    });
    for (const who of ['nobody', 'victor', 'olga']) await env.tokenOf(who);
  });
  afterAll(() => env.close());
  beforeEach(() => withinOneMinute(20_000));

  const refused = async (who: string, count: number, printer?: string) => {
    const statuses: number[] = [];
    const left = Array.from({ length: count }, (_, i) => i);
    const send = async () => {
      while (left.pop() !== undefined)
        statuses.push((await env.as(who).post(printPath(printer), printRequest())).status);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    return statuses;
  };

  it('are counted: after sixty in a minute there is a 429', async () => {
    const statuses = await refused('nobody', SENT);
    expect(statuses.filter((status) => status === 403)).toHaveLength(60);
    expect(statuses.filter((status) => status === 429)).toHaveLength(SENT - 60);
    const { headers } = await env.as('nobody').post(printPath(), printRequest());
    expect(headers).toMatchObject({
      'retry-after': expect.stringMatching(/^\d+$/),
      'ratelimit-policy': '"requests-per-minute";q=60;w=60',
      ratelimit: expect.stringMatching(/^"requests-per-minute";r=0;t=\d+$/),
    });
  });

  it('are counted on foreign printers too, for who has no limit of requests', async () => {
    const statuses = await refused('olga', 620, fixtures.otherPrinter);
    expect(statuses.filter((status) => status === 403)).toHaveLength(600);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    expect((await env.as('olga').get(fixtures.printers)).status).toBe(200);
  });

  it('leave what the caller may do as it was', async () => {
    await refused('victor', 100);
    const reads = Array.from({ length: 30 }, () => env.as('victor').get(fixtures.counts));
    expect(new Set((await Promise.all(reads)).map(({ status }) => status))).toEqual(new Set([200]));
    expect((await env.as('victor').get(fixtures.counts)).status).toBe(429);
  });
});
