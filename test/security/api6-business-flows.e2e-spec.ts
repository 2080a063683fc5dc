import { TestEnvironment } from '../support/test-environment.js';
import { TestIssuer } from '../support/issuer.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

const CARDS = 5;

/** OWASP API6:2023, Unrestricted Access to Sensitive Business Flows: the flow here is that a card comes out of a printer. */
describe('API6, flows: a quota of cards', () => {
  let env: TestEnvironment;
  let issuer: TestIssuer;
  let sign: (subject: string, claims?: object) => Promise<string>;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
    const key = await issuer.publishKey('cards');
    sign = (sub, claims) => issuer.sign(key, { sub, tid: 'acme', ...claims });
    const trusted = `  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks', claims: { tenant: tid } }`;
    env = await TestEnvironment.open({
      policy: (yaml) =>
        yaml.replace('issuers:', `issuers:\n${trusted}`).replace('cardsPerDay: 200', `cardsPerDay: ${CARDS}`),
    });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  type Attempt = (turn: number) => Promise<{ status: number }>;
  const post = (token: Promise<string>, headers: Record<string, string> = {}, copies = 1) =>
    env.with(token).post(printPath(), printRequest({ printerPreferences: { copies } }), headers);
  const attempts: [string, Attempt][] = [
    [
      'fresh tokens',
      (turn) => post(sign('fred', { jti: String(turn), iat: Math.floor(Date.now() / 1000) - turn })),
    ],
    ['fresh keys', () => post(sign('kurt'), keyHeader())],
    [
      'other addresses',
      (turn) => post(sign('adam'), { 'x-forwarded-for': `10.0.0.${turn}`, forwarded: `for=10.0.0.${turn}` }),
    ],
    [
      'other roles beside it',
      (turn) => post(sign('rosa', { roles: ['card-operator', `no-such-role-${turn}`] })),
    ],
    ['labels', (turn) => post(sign('lisa'), { 'x-print-label': `card ${turn}` })],
    [
      'ids in other letters',
      (turn) => {
        const path =
          turn % 2
            ? printPath()
                .toUpperCase()
                .replace(/^.*PRINTERS\/(.*)\/PRINT$/, (_, id: string) => printPath(id))
            : printPath();
        return env.with(sign('iris')).post(path, printRequest());
      },
    ],
  ];

  it.each(attempts)('is not got around with %s, one after the other or all at once', async (_, attempt) => {
    const before = await env.emulator.callsOf('print');
    const first = [];
    for (let turn = 0; turn < 3; turn += 1) first.push((await attempt(turn)).status);
    const rest = await Promise.all(Array.from({ length: 20 }, (_each, turn) => attempt(turn + 3)));
    const printed = [...first, ...rest.map(({ status }) => status)].filter((status) => status === 200);
    expect(printed).toHaveLength(CARDS);
    expect(await env.emulator.callsOf('print')).toBe(before + CARDS);
  });

  it('counts cards, not requests', async () => {
    const statuses = [];
    for (const copies of [3, 3, 2, 1]) statuses.push((await post(sign('cora'), {}, copies)).status);
    expect(statuses).toEqual([200, 429, 200, 429]);
  });

  it('is not spent by who asks in another’s name', async () => {
    const namesake = { tid: 'globex' };
    for (let card = 0; card < CARDS; card += 1) await post(sign('nina', namesake));
    expect((await post(sign('nina', namesake))).status).toBe(429);
    expect((await post(sign('nina'))).status).toBe(200);
  });

  it('a key prints one card, however many ask at once', async () => {
    const key = keyHeader();
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(sign('karl'), key)));
    const ids = answers
      .filter(({ status }) => status === 200)
      .map(({ body }) => (body as { printStatus: { id: string } }).printStatus.id);
    expect(new Set(ids).size).toBe(1);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const others = await post(sign('kira'), key);
    expect([others.status, ids.includes(others.body.printStatus.id as string)]).toEqual([200, false]);
  });
});
