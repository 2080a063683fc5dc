import { eventually } from '../support/eventually.js';
import { Following } from '../support/follow.js';
import { House } from '../support/house.js';
import { TestIssuer } from '../support/issuer.js';
import { printRequest } from '../support/some.js';
import { printPath, statusPath } from '../support/the.js';

const PARTNER = `roles:
  sees-any: { permissions: [ISSUANCE:VIEW], printers: '*', jobs: any }
  prints: { permissions: [ISSUANCE:ADD, ISSUANCE:VIEW], printers: '*' }
`;

describe('who stays is held to what is in force now', () => {
  let issuer: TestIssuer;
  let house: House;
  let key: Awaited<ReturnType<TestIssuer['publishKey']>>;
  let following: Following[] = [];
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
    house = await House.open({
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
    await house.close();
    await issuer.stop();
  });

  const print = async (who = house.as('olga')) =>
    (await who.post(printPath(), printRequest())).body.printStatus.id as string;
  const token = (sub: string, roles: string[], claims: object = {}) =>
    issuer.sign(key, { sub, roles, ...claims });
  const follow = (id: string, bearer: string) => {
    const each = new Following(`${house.gatewayUrl}/api/gateway/v1/jobs/${id}/events`, bearer);
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
      house.writePolicy(policy());
      const id = await print();
      const bearer = await token('ann', ['sees-any']);
      const as = house.with(bearer);
      const etag = await eventually(async () => {
        const { status, headers } = await as.get(statusPath(id));
        expect(status).toBe(200);
        return headers.etag as string;
      });
      const stream = follow(id, bearer);
      await stream.until('QUEUED');
      // A request that begins before the change, and ends after it.
      const waiting = as.get(statusPath(id), { prefer: 'wait=20', 'if-none-match': etag });
      const before = await house.emulator.callsOf('getPrintStatus');
      await eventually(async () =>
        expect(await house.emulator.callsOf('getPrintStatus')).toBeGreaterThan(before + 1),
      );
      house.writePolicy(policy(change));
      await eventually(async () => expect((await as.get(statusPath(id))).status).toBe(refused));
      await house.emulator.advance(60_500);
      expect((await waiting).status).toBe(refused);
      await eventually(() => expect(stream.answers).toEqual([200, refused]));
      expect(stream.events).toEqual(['status', 'reconnect']);
      expect(stream.statuses).toEqual(['QUEUED']);
    });
  });

  it('a change that takes nothing away from a caller leaves the stream open', async () => {
    house.writePolicy(policy());
    const id = await print();
    const bearer = await token('ann', ['sees-any']);
    await eventually(async () => expect((await house.with(bearer).get(statusPath(id))).status).toBe(200));
    const stream = follow(id, bearer);
    await stream.until('QUEUED');
    house.writePolicy(
      policy((yaml) =>
        yaml
          .replace('sees-any: {', 'sees-any: { features: [],')
          .replace('prints: { permissions: [ISSUANCE:ADD, ', 'prints: { permissions: ['),
      ),
    );
    const printer = house.with(await token('pia', ['prints']));
    await eventually(async () => expect((await printer.post(printPath(), printRequest())).status).toBe(403));
    await house.emulator.advance(60_500);
    await stream.until('IN_PROGRESS');
    expect(stream.answers).toEqual([200]);
  });
});
