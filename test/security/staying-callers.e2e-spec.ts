import { eventually } from '../support/eventually.js';
import { SseClient } from '../support/sse-client.js';
import { TestEnvironment } from '../support/test-environment.js';
import { TestIssuer } from '../support/issuer.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

const PARTNER = `roles:
  sees-any: { permissions: [ISSUANCE:VIEW], printers: '*', jobs: any }
  prints: { permissions: [ISSUANCE:ADD, ISSUANCE:VIEW], printers: '*' }
`;

describe('who stays is held to what is in force now', () => {
  let issuer: TestIssuer;
  let env: TestEnvironment;
  let key: Awaited<ReturnType<TestIssuer['publishKey']>>;
  let following: SseClient[] = [];
  const policy =
    (change = (yaml: string) => yaml) =>
    (yaml: string) =>
      change(
        yaml
          .replace(
            'issuers:\n',
            `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks', claims: { roles: roles } }\n`,
          )
          .replace('roles:\n', PARTNER),
      );
  beforeAll(async () => {
    issuer = await TestIssuer.start();
    key = await issuer.publishKey('staying');
    env = await TestEnvironment.open({
      // Nothing here waits for a heartbeat.
      gateway: { EVENTS_HEARTBEAT_MS: '600000', WATCH_INTERVAL_MS: '100', STATUS_FRESH_MS: '50' },
      policy: policy(),
      emulator: { EMULATOR_CARD_MS: '60000', EMULATOR_TOKEN_LIFE_MS: '86400000' },
    });
  });
  afterEach(() => {
    following.forEach((each) => each.close());
    following = [];
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  const print = async (who = env.as('olga')) =>
    (await who.post(printPath(), printRequest())).body.printStatus.id as string;
  const token = (sub: string, roles: string[], claims: object = {}) =>
    issuer.sign(key, { sub, roles, ...claims });
  const follow = (id: string, bearer: string) => {
    const each = new SseClient(`${env.gatewayUrl}/api/gateway/v1/jobs/${id}/events`, bearer);
    following.push(each);
    return each;
  };

  /** What makes the caller lose the job, and how it becomes known that it is in force. */
  const CHANGES: [string, (yaml: string) => string, number][] = [
    [
      'the role loses the permission',
      (yaml) =>
        yaml.replace('sees-any: { permissions: [ISSUANCE:VIEW]', 'sees-any: { permissions: [PRINTERS:VIEW]'),
      403,
    ],
    [
      'the jobs of others are no longer granted',
      (yaml) => yaml.replace("printers: '*', jobs: any", "printers: '*', jobs: own"),
      404,
    ],
    [
      'the issuer is no longer trusted',
      (yaml) => yaml.replaceAll(issuer.url, 'https://gone.example.com'),
      401,
    ],
    [
      'the audience is another',
      (yaml) => yaml.replace('audience: print-gateway, jwksUri', 'audience: another, jwksUri'),
      401,
    ],
  ];

  describe.each(CHANGES)('when %s', (_, change, refused) => {
    it('a stream ends at the next state, and does not show it; a wait is answered like a new request', async () => {
      env.writePolicy(policy());
      const id = await print();
      const bearer = await token('ann', ['sees-any']);
      const as = env.with(bearer);
      const etag = await eventually(async () => {
        const { status, headers } = await as.get(statusPath(id));
        expect(status).toBe(200);
        return headers.etag as string;
      });
      const stream = follow(id, bearer);
      await stream.until('QUEUED');
      // A request that begins before the change, and ends after it.
      const waiting = as.get(statusPath(id), { prefer: 'wait=20', 'if-none-match': etag });
      const before = await env.emulator.callsOf('getPrintStatus');
      await eventually(async () =>
        expect(await env.emulator.callsOf('getPrintStatus')).toBeGreaterThan(before + 1),
      );
      env.writePolicy(policy(change));
      await eventually(async () => expect((await as.get(statusPath(id))).status).toBe(refused));
      await env.emulator.advance(60_500);
      expect((await waiting).status).toBe(refused);
      await eventually(() => expect(stream.answers).toEqual([200, refused]));
      expect(stream.events).toEqual(['status', 'reconnect']);
      expect(stream.statuses).toEqual(['QUEUED']);
    });
  });

  it('a change that takes nothing away from a caller leaves the stream open', async () => {
    env.writePolicy(policy());
    const id = await print();
    const bearer = await token('ann', ['sees-any']);
    await eventually(async () => expect((await env.with(bearer).get(statusPath(id))).status).toBe(200));
    const stream = follow(id, bearer);
    await stream.until('QUEUED');
    env.writePolicy(
      policy((yaml) =>
        yaml
          .replace('sees-any: {', 'sees-any: { features: [],')
          .replace('prints: { permissions: [ISSUANCE:ADD, ', 'prints: { permissions: ['),
      ),
    );
    const printer = env.with(await token('pia', ['prints']));
    await eventually(async () => expect((await printer.post(printPath(), printRequest())).status).toBe(403));
    await env.emulator.advance(60_500);
    await stream.until('IN_PROGRESS');
    expect(stream.answers).toEqual([200]);
  });
});
