import { TestEnvironment } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { fixtures } from '../support/fixtures.js';
import { GENERATE, installGenerators, load, removeGenerators } from './generated-client.js';

const INSTALL_MS = 300_000;
const COMMANDS = { smartcard: { commands: [{ type: 'APDU', command: '00A4' }] } };

interface Answer {
  readonly status: number;
  readonly data: unknown;
}

/** The vendor's operations, as a client has them. */
interface Client {
  print(printerId: string, body: object): Promise<Answer>;
  getPrintStatus(id: string): Promise<Answer>;
  updatePrint(id: string, body: object): Promise<Answer>;
  cancelPrint(id: string): Promise<Answer>;
  getPrintCounts(): Promise<Answer>;
  readPrinters(): Promise<Answer>;
  readPrinter(id: string): Promise<Answer>;
}

type Call = (...given: unknown[]) => Promise<never>;
type Functions = Readonly<Record<string, Call>>;

/** How each is told the base URL and the token, and is called: as its own documentation says, and nothing is written before the token. */
const CLIENTS: Readonly<Record<string, (baseUrl: string, token: string) => Promise<Client>>> = {
  oazapfts: async (baseUrl, token) => {
    const client = await load<Client & { defaults: { baseUrl: string; headers: object } }>('oazapfts');
    Object.assign(client.defaults, { baseUrl, headers: { Authorization: token } });
    return client;
  },
  '@hey-api/openapi-ts': async (baseUrl, token) => {
    const sdk = await load<Functions & { client: { setConfig(config: object): void } }>('hey-api');
    sdk.client.setConfig({ baseUrl, auth: token });
    const call = async (name: string, options: object = {}) => {
      const { data, error, response } = (await sdk[name]?.(options)) as unknown as HeyApiAnswer;
      return { status: response.status, data: data ?? error };
    };
    return {
      print: (printerId, body) => call('print', { path: { printerId }, body }),
      getPrintStatus: (printStatusId) => call('getPrintStatus', { path: { printStatusId } }),
      updatePrint: (printStatusId, body) => call('updatePrint', { path: { printStatusId }, body }),
      cancelPrint: (printStatusId) => call('cancelPrint', { path: { printStatusId } }),
      getPrintCounts: () => call('getPrintCounts'),
      readPrinters: () => call('readPrinters'),
      readPrinter: (printerId) => call('readPrinter', { path: { printerId } }),
    };
  },
  'openapi-fetch': async (baseUrl, token) => {
    const { createClient } = await load<{ createClient: (options: object) => Functions }>('openapi-fetch');
    const client = createClient({ baseUrl, headers: { Authorization: token } });
    const call = async (method: string, path: string, params: object = {}, body?: object) => {
      const options = { params: { path: params }, body };
      const { data, error, response } = (await client[method]?.(path, options)) as unknown as HeyApiAnswer;
      return { status: response.status, data: data ?? error };
    };
    const job = '/api/web/v1/printers/print/{printStatusId}';
    return {
      print: (printerId, body) => call('POST', '/api/web/v1/printers/{printerId}/print', { printerId }, body),
      getPrintStatus: (printStatusId) => call('GET', job, { printStatusId }),
      updatePrint: (printStatusId, body) => call('PATCH', job, { printStatusId }, body),
      cancelPrint: (printStatusId) => call('DELETE', job, { printStatusId }),
      getPrintCounts: () => call('GET', fixtures.counts),
      readPrinters: () => call('GET', fixtures.printers),
      readPrinter: (printerId) => call('GET', '/api/web/v1/printers/{printerId}', { printerId }),
    };
  },
  orval: async (_, token) => {
    const functions = await load<Functions>('orval');
    const options = { headers: { Authorization: token } };
    const call = async (name: string, ...given: unknown[]): Promise<Answer> =>
      (await functions[name]?.(...given, options)) as unknown as Answer;
    const isQueried = (functions.readPrinters?.length ?? 0) > 1;
    return {
      print: (printerId, body) => call('print', printerId, body),
      getPrintStatus: (id) => call('getPrintStatus', id),
      updatePrint: (id, body) => call('updatePrint', id, body),
      cancelPrint: (id) => call('cancelPrint', id),
      getPrintCounts: () => call('getPrintCounts'),
      readPrinters: () => call('readPrinters', ...(isQueried ? [{}] : [])),
      readPrinter: (id) => call('readPrinter', id),
    };
  },
};

interface HeyApiAnswer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

describe('a client that is generated from the vendor’s document', () => {
  let env: TestEnvironment;
  let token: string;
  beforeAll(async () => {
    installGenerators();
    env = await TestEnvironment.open();
    token = await env.tokenOf('olga');
  }, INSTALL_MS);
  afterAll(async () => {
    await env.close();
    removeGenerators();
  });

  describe.each(Object.keys(CLIENTS))('by %s', (name) => {
    let client: Client;
    beforeAll(async () => {
      GENERATE[name]?.(env.gatewayUrl);
      client = (await CLIENTS[name]?.(env.gatewayUrl, token)) as Client;
    }, INSTALL_MS);

    it('runs all operations with only its base URL and its token changed', async () => {
      const printed = await client.print(fixtures.printer, printRequest({ smartcard: { commands: [] } }));
      expect(printed).toMatchObject({ status: 200, data: { printStatus: { id: expect.any(String) } } });
      const { id } = (printed.data as { printStatus: { id: string } }).printStatus;
      expect(await client.getPrintStatus(id)).toMatchObject({ status: 200, data: { status: 'QUEUED' } });
      // Until the card is in the printer's chip station, which takes commands then.
      await env.emulator.advance(61_000);
      expect(await client.updatePrint(id, COMMANDS)).toMatchObject({ status: 202 });
      expect(await client.cancelPrint(id)).toMatchObject({ status: 204 });
      expect(await client.getPrintStatus(id)).toMatchObject({ status: 200, data: { status: 'CANCELLED' } });
      expect(await client.getPrintCounts()).toMatchObject({
        status: 200,
        data: { counts: expect.any(Array) },
      });
      expect(await client.readPrinters()).toMatchObject({ status: 200, data: expect.any(Array) });
      expect(await client.readPrinter(fixtures.printer)).toMatchObject({
        status: 200,
        data: { id: fixtures.printer },
      });
    });

    it('reads the gateway’s errors as the vendor’s', async () => {
      const unknown = await client.getPrintStatus(fixtures.unknownId);
      expect(unknown).toMatchObject({ status: 404 });
      const said = typeof unknown.data === 'string' ? (JSON.parse(unknown.data) as object) : unknown.data;
      expect(said).toMatchObject({ code: 'not_found', message: expect.any(String) });
    });
  });
});
