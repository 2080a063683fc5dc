import { eventually } from '../support/eventually.js';
import { SseClient } from '../support/sse-client.js';
import { TestEnvironment } from '../support/test-environment.js';
import { TestIssuer } from '../support/issuer.js';
import { printRequest } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

describe('the events of a job for a token that ends', () => {
  let issuer: TestIssuer;
  let env: TestEnvironment;
  let key: Awaited<ReturnType<TestIssuer['publishKey']>>;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
    key = await issuer.publishKey('rsa-1');
    const trusted = `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks', claims: { roles: roles } }`;
    env = await TestEnvironment.open({
      policy: (yaml) => yaml.replace('issuers:', trusted),
      gateway: { AUTH_CLOCK_TOLERANCE_SECONDS: '2' },
    });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  it('end with a word when it ends, and are refused from then on', async () => {
    const { body } = await env.with(issuer.sign(key)).post(printPath(), printRequest());
    const token = await issuer.sign(key, { exp: Math.floor(Date.now() / 1000) + 3 });
    const url = `${env.gatewayUrl}/api/gateway/v1/jobs/${body.printStatus.id}/events`;
    const following = new SseClient(url, token);
    await eventually(() => expect(following.events.slice(0, 2)).toEqual(['status', 'token-expired']));
    // Within the tolerance for clocks a token is still taken, and its stream ends at once.
    await eventually(() => expect(following.answers.at(-1)).toBe(401), 15_000);
    expect(new Set(following.events.slice(1))).toEqual(new Set(['token-expired']));
    following.close();
  });
});
