import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { House } from '../support/house.js';
import { printRequest } from '../support/some.js';
import { the } from '../support/the.js';
import { vendorDocument } from './vendor-document.js';

interface Answer {
  status: number;
  data: { printStatus?: { id: string } } & Record<string, unknown>;
}

interface VendorClient {
  defaults: { baseUrl: string; headers: Record<string, string> };
  print(printerId: string, request: object): Promise<Answer>;
  getPrintStatus(id: string): Promise<Answer>;
  updatePrint(id: string, request: object): Promise<Answer>;
  cancelPrint(id: string): Promise<Answer>;
  getPrintCounts(): Promise<Answer>;
  readPrinters(query?: object): Promise<Answer>;
}

describe('a client generated from the vendor’s document', () => {
  // Inside the project, so that the client finds the generator's runtime.
  const directory = join('node_modules', '.cache', 'vendor-client');
  let house: House;
  let client: VendorClient;

  beforeAll(async () => {
    mkdirSync(directory, { recursive: true });
    execFileSync('npx', ['oazapfts', vendorDocument(), join(directory, 'client.ts')]);
    execFileSync('npx', [
      'tsc',
      '--ignoreConfig',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--skipLibCheck',
      '--types',
      'node',
      join(directory, 'client.ts'),
    ]);
    house = await House.open();
    client = (await import(join(process.cwd(), directory, 'client.js'))) as VendorClient;
    client.defaults.baseUrl = house.gatewayUrl;
    client.defaults.headers = { authorization: `Bearer ${await house.tokenOf('olga')}` };
  });
  afterAll(async () => {
    await house.close();
    rmSync(directory, { recursive: true });
  });

  it('runs the five operations with only the base URL and the token changed', async () => {
    const printed = await client.print(the.printer, printRequest({ smartcard: { commands: [] } }));
    expect(printed.status).toBe(200);
    const id = printed.data.printStatus?.id ?? '';
    expect(await client.getPrintStatus(id)).toMatchObject({ status: 200, data: { status: 'QUEUED' } });
    const commands = [{ type: 'APDU', command: '00A4' }];
    expect(await client.updatePrint(id, { smartcard: { commands } })).toMatchObject({ status: 202 });
    expect(await client.cancelPrint(id)).toMatchObject({ status: 204 });
    expect(await client.getPrintCounts()).toMatchObject({ status: 200, data: { counts: expect.any(Array) } });
    expect(await client.readPrinters({ withStatus: true })).toMatchObject({ status: 200 });
  });

  it('reads the gateway’s errors as the vendor’s', async () => {
    const refused = await client.print(the.otherPrinter, printRequest());
    expect(refused).toMatchObject({ status: 403 });
    const unknown = await client.getPrintStatus(the.unknownId);
    expect(unknown.data).toMatchObject({ code: 'not_found', message: expect.any(String) });
  });
});
