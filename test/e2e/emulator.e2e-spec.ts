import { CREDENTIALS, Emulator } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { dataUri, jpeg, png, printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const API = '/api/web/v1';

interface Status {
  readonly status: string;
  readonly statusDetails?: string;
  readonly data: { readonly smartcardResponses?: readonly { readonly response: string }[] };
}

/** What a developer learns from the emulator must hold for the printers too. */
describe('the emulator', () => {
  let emulator: Emulator;
  let token = '';
  beforeAll(async () => {
    emulator = await Emulator.startProgram({ EMULATOR_TOKEN_LIFE_MS: '86400000' });
    token = ((await (await authenticate(CREDENTIALS)).json()) as { authToken: string }).authToken;
  });
  afterAll(() => emulator.stop());
  beforeEach(() => emulator.reset());

  const send = (method: string, path: string, body?: unknown, signal: AbortSignal | null = null) =>
    fetch(emulator.url + path, {
      ...{ method, signal },
      headers: {
        authorization: token,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const authenticate = (body: unknown) => send('POST', `${API}/adminapi/authenticate`, body);
  const print = async (
    request: object = printRequest(),
    printer: string = fixtures.printer,
  ): Promise<string> => {
    const response = await send('POST', printPath(printer), request);
    return ((await response.json()) as { printStatus: { id: string } }).printStatus.id;
  };
  const read = async (id: string) => (await (await send('GET', statusPath(id))).json()) as Status;
  const told = async (answer: Promise<Response>) => {
    const response = await answer;
    return [response.status, await response.json()];
  };

  it('prints one card at a time at each printer, while others print theirs', async () => {
    const jobs: string[] = [];
    for (let i = 0; i < 5; i += 1) jobs.push(await print());
    const elsewhere = await print(printRequest(), fixtures.secondPrinter);
    const finished = async () => {
      const all = await Promise.all(jobs.map(read));
      return all.filter(({ status }) => status === 'COMPLETED').length;
    };
    await emulator.advance(61_100);
    expect([await finished(), (await read(elsewhere)).status]).toEqual([1, 'COMPLETED']);
    await emulator.advance(2_000);
    expect(await finished()).toBe(3);
    await emulator.advance(2_000);
    expect(await finished()).toBe(5);
  });

  it('counts its cards, and uses up what it prints with', async () => {
    const printer = async () =>
      (await (await send('GET', `${fixtures.printers}/${fixtures.printer}`)).json()) as Record<
        string,
        number
      >;
    const before = await printer();
    await print(printRequest({ printerPreferences: { copies: 3 } }));
    await emulator.advance(60_100);
    expect((await printer()).status).toBe('BUSY');
    await emulator.advance(60_000);
    expect(await printer()).toMatchObject({
      status: 'IDLE',
      cardsPrinted: Number(before.cardsPrinted) + 3,
      cardsRemaining: Number(before.cardsRemaining) - 3,
      ribbonRemaining: Number(before.ribbonRemaining) - 0.6,
    });
  });

  it('says why a job failed with a public message of the printers', async () => {
    const id = await print(printRequest(), fixtures.printerWithoutRibbon);
    await emulator.letPrinterSay(fixtures.printer, 112);
    const other = await print();
    await emulator.advance(60_100);
    expect((await read(id)).statusDetails).toBe('Message 110: Ribbon out or missing.');
    expect(await read(other)).toMatchObject({
      status: 'FAILED',
      statusDetails: 'Message 112: Card hopper empty.',
    });
  });

  it('answers commands for a smart card alone, while it can be talked to', async () => {
    const command = (id: string) =>
      told(
        send('PATCH', statusPath(id), { smartcard: { commands: [{ type: 'APDU', command: '0084000008' }] } }),
      );
    const [chip, plain] = [await print(printRequest({ smartcard: {} })), await print()];
    expect(await command(chip)).toEqual([
      400,
      { code: 'invalid_state', message: 'The job is QUEUED', target: 'status' },
    ]);
    expect(await command(plain)).toMatchObject([400, { code: 'invalid_state', target: 'smartcard' }]);
    await emulator.advance(60_100);
    expect((await command(chip))[0]).toBe(202);
    expect(await read(chip)).toMatchObject({
      status: 'WAITING_SMARTCARD',
      data: { smartcardResponses: [{ response: expect.stringMatching(/^[0-9A-F]{16}9000$/) }] },
    });
  });

  it('holds jobs until they are resumed, and loses sight of them, when it is told to', async () => {
    const resume = (printJobId: string) => told(send('POST', fixtures.resume, { printJobId }));
    await emulator.holdPrints(true);
    const id = await print();
    await emulator.advance(600_000);
    expect((await read(id)).status).toBe('AWAITING_PRINT');
    expect(await resume(id)).toEqual([200, { printJobId: id }]);
    expect(await resume(id)).toMatchObject([400, { code: 'invalid_state' }]);
    expect(await resume(fixtures.unknownId)).toMatchObject([404, { code: 'not_found' }]);
    expect(await told(send('POST', fixtures.resume, {}))).toMatchObject([400, { code: 'invalid_request' }]);
    await emulator.hideJob(id);
    expect((await read(id)).status).toBe('UNKNOWN');
    await emulator.hideJob(id, false);
    expect((await read(id)).status).toBe('QUEUED');
  });

  it.each<[string, object, string]>([
    ['a text', { print: { front: [{ data: 'an image' }] } }, 'print.front[0].data'],
    ['a GIF', { print: { back: [{ data: 'R0lGODlhAQABAAAAACw=' }] } }, 'print.back[0].data'],
    ['hopper 99', { hopper: 99 }, 'hopper'],
    ['an input hopper', { printerPreferences: { inputHopper: 3 } }, 'printerPreferences.inputHopper'],
  ])('does not take %s that its printer does not', async (_, request, target) => {
    expect(await told(send('POST', printPath(), request))).toMatchObject([400, { target }]);
  });

  it.each([
    ['a PNG', dataUri(png())],
    ['a bare PNG', png().toString('base64')],
    ['a JPEG', `data:image/jpeg;base64,${jpeg().toString('base64')}`],
  ])('takes %s', async (_, data) => {
    expect((await send('POST', printPath(), { print: { front: [{ data }] }, hopper: 0 })).status).toBe(200);
  });

  it('does what nobody waits for any more, and answers late, when it is told to', async () => {
    await emulator.fault({ operation: 'print', kind: 'late-effect', milliseconds: 300, count: 1 });
    const signal = AbortSignal.timeout(100);
    await expect(send('POST', printPath(), printRequest(), signal)).rejects.toThrow('aborted');
    expect(await emulator.jobs()).toEqual([]);
    await eventually(async () => expect(await emulator.jobs()).toHaveLength(1));
    await emulator.fault({ operation: 'print', kind: 'latency-after', milliseconds: 60_000, count: 1 });
    const late = send('POST', printPath(), printRequest(), AbortSignal.timeout(2_000));
    await Promise.all([
      expect(late).rejects.toThrow('aborted'),
      eventually(async () => expect(await emulator.jobs()).toHaveLength(2)),
    ]);
  });

  it('has the vendor’s shape for every error', async () => {
    const info = { errorCode: expect.any(String), errorMessage: expect.any(String), parameters: [] };
    expect(await told(authenticate({ ...CREDENTIALS, sharedSecret: 'wrong' }))).toEqual([401, info]);
    expect(await told(authenticate({}))).toEqual([400, info]);
    await emulator.fault({ operation: 'authenticate', kind: 'status', status: 403, count: 1 });
    expect(await told(authenticate(CREDENTIALS))).toEqual([403, info]);
    const error = { code: expect.any(String), message: expect.any(String) };
    for (const path of [`${API}/nothing`, '/', '/api/web/v2/printers'])
      expect(await told(send('GET', path))).toEqual([404, error]);
    expect(await told(send('PUT', fixtures.printers, {}))).toEqual([404, error]);
  });
});
