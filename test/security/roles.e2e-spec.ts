import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { TestIssuer } from '../support/issuer.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const JOBS = '/api/gateway/v1/jobs';
const UNKNOWN_PRINTS = '/api/gateway/v1/unknown-prints';

/** Each is harmless alone; what the union of two of them would allow, neither does. */
const ROLES = `roles:
  badges: { permissions: [ISSUANCE:ADD, ISSUANCE:VIEW, ISSUANCE:REMOVE], printers: [${fixtures.printer}], limits: { copies: 1, cardsPerDay: 2 } }
  inspector: { permissions: [ISSUANCE:VIEW, PRINTERS:VIEW], printers: '*', jobs: any, features: [smartcard], limits: { copies: 100 } }
  reader: { permissions: [ISSUANCE:VIEW], printers: [${fixtures.printer}] }
  large: { permissions: [ISSUANCE:ADD], printers: [${fixtures.printer}], limits: { copies: 5, cardsPerDay: 4 } }
  chips: { permissions: [ISSUANCE:ADD, ISSUANCE:EDIT], printers: [${fixtures.otherPrinter}], features: [smartcard] }
  site-inspector: { permissions: [ISSUANCE:VIEW], printers: [${fixtures.otherPrinter}], jobs: any }
  site-settler: { permissions: [ISSUANCE:VIEW, ISSUANCE:EDIT], printers: [${fixtures.otherPrinter}], jobs: any }
  settler: { permissions: [ISSUANCE:EDIT], printers: [${fixtures.printer}], jobs: any }
  keyed: { permissions: [ISSUANCE:ADD], printers: [${fixtures.printer}], requireIdempotencyKey: true }
  blanks: { permissions: [ISSUANCE:ADD], printers: [${fixtures.printer}], allowBlank: true, features: [] }
`;

describe('several roles in one token', () => {
  let issuer: TestIssuer;
  let env: TestEnvironment;
  let sign: (subject: string, roles: readonly string[]) => Promise<string>;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
    const key = await issuer.publishKey('roles');
    sign = (sub, roles) => issuer.sign(key, { sub, roles });
    const issuers = `issuers:\n  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks' }\n`;
    env = await TestEnvironment.open({
      policy: (yaml) => yaml.replace('issuers:\n', issuers).replace('roles:\n', ROLES),
    });
  });
  afterAll(async () => {
    await env.close();
    await issuer.stop();
  });

  const as = (subject: string, ...roles: string[]) => env.with(sign(subject, roles));
  const refusal = async (sending: ReturnType<ReturnType<typeof as>['post']>) => {
    const { status, body } = await sending;
    return [status, (body as { type?: string }).type];
  };

  /** A job that was not printed through the gateway. */
  const printedUpstream = async (printer: string): Promise<string> => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${await env.authToken()}`,
    };
    const url = env.emulator.url + printPath(printer);
    const response = await fetch(url, { method: 'POST', headers, body: '{}' });
    return ((await response.json()) as { printStatus: { id: string } }).printStatus.id;
  };

  describe('a partner who is an inspector too', () => {
    const both = ['badges', 'inspector'];

    it('prints on no printer that only the inspector has', async () => {
      const before = await env.emulator.callsOf('print');
      const path = printPath(fixtures.otherPrinter);
      expect(await refusal(as('pat', ...both).post(path, printRequest()))).toEqual([
        403,
        '/problems/printer-not-granted',
      ]);
      expect(await env.emulator.callsOf('print')).toBe(before);
    });

    it('prints no more than the partner may: not in one day, not in one request, not with another feature', async () => {
      const quota = as('quentin', ...both);
      const statuses: number[] = [];
      for (let card = 0; card < 7; card += 1)
        statuses.push((await quota.post(printPath(), printRequest())).status);
      expect(statuses).toEqual([200, 200, ...Array<number>(5).fill(429)]);
      const copies = printRequest({ printerPreferences: { copies: 7 } });
      const { body } = await as('pia', ...both).post(printPath(), copies);
      expect(body).toMatchObject({ type: '/problems/copies-not-granted', limit: 1 });
      const chip = printRequest({ smartcard: { commands: [{ type: 'APDU', command: '00' }] } });
      expect(await refusal(as('pia', ...both).post(printPath(), chip))).toEqual([
        403,
        '/problems/feature-not-granted',
      ]);
    });

    it('sees the job of another, and cannot cancel it', async () => {
      const id = (await env.as('olga').post(printPath(), printRequest())).body.printStatus.id as string;
      expect((await as('pat', ...both).get(statusPath(id))).status).toBe(200);
      const before = await env.emulator.callsOf('cancelPrint');
      expect((await as('pat', ...both).delete(statusPath(id))).status).toBe(404);
      expect(await env.emulator.callsOf('cancelPrint')).toBe(before);
    });

    it('does all that one of the two does', async () => {
      const pat = as('paul', ...both);
      const printed = await pat.post(printPath(), printRequest());
      expect(printed.status).toBe(200);
      expect((await pat.delete(statusPath(printed.body.printStatus.id as string))).status).toBe(204);
      expect((await pat.get(`${JOBS}?scope=any`)).status).toBe(200);
      expect((await pat.get(fixtures.printers)).body).toHaveLength(12);
    });
  });

  it('a role that cannot print leaves the quota of the one that can', async () => {
    const statuses: number[] = [];
    for (let card = 0; card < 3; card += 1)
      statuses.push((await as('rita', 'badges', 'reader').post(printPath(), printRequest())).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('the largest quota of the roles that cover a print is the day’s', async () => {
    const statuses: number[] = [];
    for (let card = 0; card < 5; card += 1)
      statuses.push((await as('lars', 'badges', 'large').post(printPath(), printRequest())).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
  });

  it('a key is demanded unless a role covers the print without one', async () => {
    const post = (...roles: string[]) => as('kim', ...roles).post(printPath(), printRequest());
    expect(await refusal(post('keyed'))).toEqual([400, '/problems/idempotency-key-required']);
    expect((await post('keyed', 'badges')).status).toBe(200);
    const twoCopies = printRequest({ printerPreferences: { copies: 2 } });
    expect((await as('kim', 'keyed', 'badges').post(printPath(), twoCopies, keyHeader())).body).toMatchObject(
      {
        type: '/problems/copies-not-granted',
      },
    );
  });

  it('a blank card is printed by a role that allows it, and by no other', async () => {
    const post = (...roles: string[]) => as('bea', ...roles).post(printPath(), {});
    expect(await refusal(post('badges', 'inspector'))).toEqual([400, '/problems/blank-card']);
    expect((await post('badges', 'blanks')).status).toBe(200);
    const card = as('bea', 'blanks').post(printPath(), printRequest());
    expect(await refusal(card)).toEqual([403, '/problems/feature-not-granted']);
  });

  it('an update needs the permission, the job and the feature of one role', async () => {
    const request = printRequest({ smartcard: {} });
    const id = (await env.as('olga').post(printPath(), request)).body.printStatus.id as string;
    const own = (
      await as('uma', 'chips').post(printPath(fixtures.otherPrinter), {
        smartcard: { commands: [{ type: 'APDU', command: '00' }] },
      })
    ).body.printStatus.id as string;
    const update = { smartcard: { commands: [] } };
    expect((await as('uma', 'chips', 'inspector').patch(statusPath(id), update)).status).toBe(404);
    expect((await as('uma', 'settler', 'inspector').patch(statusPath(id), update)).body).toMatchObject({
      type: '/problems/feature-not-granted',
      target: 'smartcard',
    });
    expect((await as('uma', 'chips', 'settler').patch(statusPath(own), update)).status).toBe(202);
  });

  it('an inspector of one site sees the jobs on its printers, their own everywhere, and no others', async () => {
    const post = (who: ReturnType<typeof as>, printer: string) =>
      who.post(printPath(printer), printRequest(), keyHeader());
    const id = async (sending: ReturnType<typeof post>) => (await sending).body.printStatus.id as string;
    const there = await id(post(env.as('sonja'), fixtures.otherPrinter));
    const elsewhere = await id(post(env.as('sonja'), fixtures.printer));
    const own = await id(post(as('sia', 'badges'), fixtures.printer));
    const sia = as('sia', 'badges', 'site-inspector');
    const statuses = [there, elsewhere, own].map(async (job) => (await sia.get(statusPath(job))).status);
    expect(await Promise.all(statuses)).toEqual([200, 404, 200]);
    const { body } = await sia.get(`${JOBS}?scope=any&limit=100`);
    const listed = (body as { jobs: { printStatusId: string }[] }).jobs.map((job) => job.printStatusId);
    expect([there, elsewhere, own].map((job) => listed.includes(job))).toEqual([true, false, true]);
  });

  it('a lost print is settled by a role that has its printer', async () => {
    await env.emulator.noLists();
    await env.emulator.fault({ operation: 'print', kind: 'reset-before', count: 1 });
    expect((await env.as('anna').post(printPath(), printRequest(), keyHeader())).status).toBe(504);
    // When its printer prints again, it is left to a person.
    await eventually(async () =>
      expect((await env.as('anna').post(printPath(), printRequest())).status).toBe(200),
    );
    await env.emulator.noFaults();
    const list = async (...roles: string[]) =>
      (await as('ute', ...roles).get(UNKNOWN_PRINTS)).body as { id: string }[];
    const [lost] = await list('inspector');
    expect(await list('site-inspector')).toEqual([]);
    const settle = (...roles: string[]) =>
      as('ute', ...roles).post(`${UNKNOWN_PRINTS}/${lost?.id}`, { outcome: 'not-printed' });
    expect((await settle('inspector', 'site-settler')).status).toBe(404);
    const printStatusId = await printedUpstream(fixtures.otherPrinter);
    const settled = await as('ute', 'settler').post(`${UNKNOWN_PRINTS}/${lost?.id}`, {
      outcome: 'printed',
      printStatusId,
    });
    expect(settled.body.violations).toMatchObject([{ path: 'printStatusId' }]);
    expect((await settle('inspector', 'settler')).status).toBe(204);
  });
});
