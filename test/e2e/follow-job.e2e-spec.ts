import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { CARD_DATA, printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('a print job', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open({ emulator: { EMULATOR_CARD_MS: '60000' } })));
  afterAll(() => env.close());

  const print = async (request = printRequest(), printer: string = fixtures.printer): Promise<string> => {
    const response = await env.as('olga').post(printPath(printer), request);
    return response.body.printStatus.id as string;
  };
  const expectStatus = (id: string, expected: object) =>
    eventually(async () => expect((await env.as('olga').get(statusPath(id))).body).toMatchObject(expected));

  it('is followed from QUEUED over IN_PROGRESS to COMPLETED', async () => {
    const id = await print(printRequest({ printerPreferences: { copies: 2 } }));
    await expectStatus(id, { status: 'QUEUED', data: { copiesRemaining: 2 } });
    await env.emulator.advance(150_000);
    await expectStatus(id, { status: 'IN_PROGRESS', data: { copiesRemaining: 1 } });
    await env.emulator.advance(60_000);
    await expectStatus(id, { status: 'COMPLETED', data: { copiesRemaining: 0 } });
  });

  it('says why it failed, in the printer’s words', async () => {
    const id = await print(printRequest(), fixtures.printerWithoutRibbon);
    await env.emulator.advance(61_000);
    await expectStatus(id, {
      status: 'FAILED',
      statusDetails: 'Message 110: Ribbon out or missing.',
    });
  });

  it('is cancelled with 204 and without a body, and prints nothing then', async () => {
    const before = (await env.emulator.ledger()).length;
    const id = await print();
    const response = await env.as('olga').delete(statusPath(id));
    expect(response.status).toBe(204);
    expect(response.text).toBe('');
    await env.emulator.advance(120_000);
    await expectStatus(id, { status: 'CANCELLED' });
    expect(await env.emulator.ledger()).toHaveLength(before);
  });

  it('answers a cancel that comes too late with the upstream’s own code and message', async () => {
    const id = await print();
    await env.emulator.advance(130_000);
    const response = await env.as('olga').delete(statusPath(id));
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({
      type: '/problems/upstream-refused',
      code: 'invalid_state',
      message: 'The job is COMPLETED',
      target: 'status',
    });
  });

  it('talks to the chip of a smart card through updates', async () => {
    const id = await print(
      printRequest({ smartcard: { commands: [{ type: 'COUPLER', command: 'Connect' }] } }),
    );
    await env.emulator.advance(60_000);
    await expectStatus(id, { status: 'WAITING_SMARTCARD' });
    const commands = [
      { type: 'APDU', command: CARD_DATA[1], resultMatcher: '9*' },
      { type: 'COUPLER', command: 'Disconnect' },
    ];
    const response = await env.as('olga').patch(statusPath(id), { smartcard: { commands } });
    expect(response.status).toBe(202);
    expect(response.body).toEqual({ printStatus: { id, link: statusPath(id) } });
    const answers = [{ response: expect.stringMatching(/^3B/) }, { response: '9000' }, { response: '9000' }];
    await expectStatus(id, { status: 'IN_PROGRESS', data: { smartcardResponses: answers } });
  });

  it.each([
    ['an update without an object', { smartcard: [] }, 'smartcard'],
    ['an update with what only a print has', { hopper: 1 }, 'hopper'],
  ])('refuses %s', async (_, body, path) => {
    const response = await env.as('olga').patch(statusPath(fixtures.unknownId), body);
    expect(response.status).toBe(400);
    expect(response.body.violations[0].path).toBe(path);
  });

  it.each([
    ['status', () => env.as('olga').get(statusPath(fixtures.unknownId))],
    ['update', () => env.as('olga').patch(statusPath(fixtures.unknownId), {})],
    ['cancel', () => env.as('olga').delete(statusPath(fixtures.unknownId))],
  ])('that is unknown is 404 on %s', async (_, ask) => {
    const response = await ask();
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ type: '/problems/not-found' });
  });

  it.each([
    ['status', () => env.with(env.tokenOfPartner()).get(statusPath(fixtures.unknownId)), 404],
    ['update', () => env.with(env.tokenOfPartner()).patch(statusPath(fixtures.unknownId), {}), 403],
    ['cancel, for a viewer', () => env.as('victor').delete(statusPath(fixtures.unknownId)), 403],
  ])('needs the permission of the operation: %s', async (_, ask, expected) => {
    expect((await ask()).status).toBe(expected);
  });
});
