import { eventually } from '../support/eventually.js';
import { House } from '../support/house.js';
import { CARD_DATA, printRequest } from '../support/some.js';
import { printPath, statusPath, the } from '../support/the.js';

describe('a print job', () => {
  let house: House;
  beforeAll(async () => (house = await House.open({ emulator: { EMULATOR_CARD_MS: '60000' } })));
  afterAll(() => house.close());

  const print = async (request = printRequest(), printer: string = the.printer): Promise<string> => {
    const response = await house.as('olga').post(printPath(printer), request);
    return response.body.printStatus.id as string;
  };
  const expectStatus = (id: string, expected: object) =>
    eventually(async () => expect((await house.as('olga').get(statusPath(id))).body).toMatchObject(expected));

  it('is followed from QUEUED over IN_PROGRESS to COMPLETED', async () => {
    const id = await print(printRequest({ printerPreferences: { copies: 2 } }));
    await expectStatus(id, { status: 'QUEUED', data: { copiesRemaining: 2 } });
    await house.emulator.advance(150_000);
    await expectStatus(id, { status: 'IN_PROGRESS', data: { copiesRemaining: 1 } });
    await house.emulator.advance(60_000);
    await expectStatus(id, { status: 'COMPLETED', data: { copiesRemaining: 0 } });
  });

  it('says why it failed, in the printer’s words', async () => {
    const id = await print(printRequest(), the.printerWithoutRibbon);
    await house.emulator.advance(61_000);
    await expectStatus(id, {
      status: 'FAILED',
      statusDetails: 'Message 110: Ribbon out or missing.',
    });
  });

  it('is cancelled with 204 and without a body, and prints nothing then', async () => {
    const before = (await house.emulator.ledger()).length;
    const id = await print();
    const response = await house.as('olga').delete(statusPath(id));
    expect(response.status).toBe(204);
    expect(response.text).toBe('');
    await house.emulator.advance(120_000);
    await expectStatus(id, { status: 'CANCELLED' });
    expect(await house.emulator.ledger()).toHaveLength(before);
  });

  it('answers a cancel that comes too late with the upstream’s own code and message', async () => {
    const id = await print();
    await house.emulator.advance(130_000);
    const response = await house.as('olga').delete(statusPath(id));
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
    await house.emulator.advance(60_000);
    await expectStatus(id, { status: 'WAITING_SMARTCARD' });
    const commands = [
      { type: 'APDU', command: CARD_DATA[1], resultMatcher: '9*' },
      { type: 'COUPLER', command: 'Disconnect' },
    ];
    const response = await house.as('olga').patch(statusPath(id), { smartcard: { commands } });
    expect(response.status).toBe(202);
    expect(response.body).toEqual({ printStatus: { id, link: statusPath(id) } });
    const answers = [{ response: expect.stringMatching(/^3B/) }, { response: '9000' }, { response: '9000' }];
    await expectStatus(id, { status: 'IN_PROGRESS', data: { smartcardResponses: answers } });
  });

  it.each([
    ['an update without an object', { smartcard: [] }, 'smartcard'],
    ['an update with what only a print has', { hopper: 1 }, 'hopper'],
  ])('refuses %s', async (_, body, path) => {
    const response = await house.as('olga').patch(statusPath(the.unknownId), body);
    expect(response.status).toBe(400);
    expect(response.body.violations[0].path).toBe(path);
  });

  it.each([
    ['status', () => house.as('olga').get(statusPath(the.unknownId))],
    ['update', () => house.as('olga').patch(statusPath(the.unknownId), {})],
    ['cancel', () => house.as('olga').delete(statusPath(the.unknownId))],
  ])('that is unknown is 404 on %s', async (_, ask) => {
    const response = await ask();
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ type: '/problems/not-found' });
  });

  it.each([
    ['status', () => house.with(house.tokenOfPartner()).get(statusPath(the.unknownId)), 404],
    ['update', () => house.with(house.tokenOfPartner()).patch(statusPath(the.unknownId), {}), 403],
    ['cancel, for a viewer', () => house.as('victor').delete(statusPath(the.unknownId)), 403],
  ])('needs the permission of the operation: %s', async (_, ask, expected) => {
    expect((await ask()).status).toBe(expected);
  });
});
