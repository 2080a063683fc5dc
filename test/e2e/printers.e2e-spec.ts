import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { clusterUrl, startCluster, type RedisServer } from '../support/redis.js';
import { fixtures } from '../support/fixtures.js';

const EVERYBODY = ['olga', 'otto', 'oscar', 'sonja', 'sven', 'victor', 'anna'];
const GRANTED_TO_OPERATORS = ['Printer 1', 'Printer 2', 'Printer 3', 'Printer 12'];
const onePrinter = `${fixtures.printers}/${fixtures.printer}`;

interface Answer {
  readonly status: number;
  readonly body: { readonly name: string }[];
  readonly text: string;
  readonly headers: Record<string, string>;
}

/** On a cluster, because there an answer and the lease of its fetch must be kept in one slot to be shared at all. */
describe('printer reads through two gateways on one cluster', () => {
  let nodes: RedisServer[];
  let env: TestEnvironment;
  beforeAll(async () => {
    nodes = await startCluster();
    const gateway = { REDIS_URL: clusterUrl(nodes), PRINTERS_STALE_MS: '500' };
    env = await TestEnvironment.open({ gateways: 2, gateway });
    await env.sharedStateIsUp();
    for (const who of EVERYBODY) await env.tokenOf(who);
  });
  afterAll(async () => {
    await env.close();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  const read = (who: string, path: string = fixtures.printers, headers = {}, gateway = 0) =>
    env.as(who, gateway).get(path, headers) as unknown as Promise<Answer>;
  const callsOf = (operation: string) => env.emulator.callsOf(operation);
  /** Fifty pages of everybody, half of them at each gateway. */
  const fifty = (path: string) =>
    Promise.all(
      Array.from({ length: 50 }, (_, i) => read(EVERYBODY[i % EVERYBODY.length] as string, path, {}, i % 2)),
    );

  it.each([
    ['the list', 'readPrinters', fixtures.printers],
    ['one printer', 'readPrinter', onePrinter],
    ['the counts', 'getPrintCounts', fixtures.counts],
  ])('fifty reads of %s at once by different callers cost one upstream call', async (_, operation, path) => {
    const before = await callsOf(operation);
    const answers = await fifty(path);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await callsOf(operation)) - before).toBe(1);
  });

  it('show each caller the granted printers and no others', async () => {
    const names = async (who: string) => (await read(who)).body.map(({ name }) => name);
    expect(await names('olga')).toEqual(GRANTED_TO_OPERATORS);
    expect(await names('anna')).toHaveLength(12);
    expect(await names('olga')).toEqual(GRANTED_TO_OPERATORS);
    const path = `${fixtures.printers}/${fixtures.otherPrinter}`;
    expect((await read('anna', path)).status).toBe(200);
    expect((await read('olga', path)).status).toBe(403);
  });

  it('have the ETag of what the caller sees, and a 304 for who has it', async () => {
    const [all, granted] = [await read('anna'), await read('olga')];
    expect(granted.headers).toMatchObject({
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
      age: expect.stringMatching(/^\d+$/),
      'cache-control': 'private, no-cache',
      'cache-status': expect.stringMatching(/^print-gateway; /),
    });
    expect((await read('otto')).headers.etag).toBe(granted.headers.etag);
    expect(all.headers.etag).not.toBe(granted.headers.etag);
    for (const path of [fixtures.printers, onePrinter]) {
      const { etag } = (await read('olga', path)).headers;
      const again = await read('olga', path, { 'if-none-match': etag });
      expect([again.status, again.text]).toEqual([304, '']);
    }
    expect((await read('olga', fixtures.printers, { 'if-none-match': all.headers.etag })).status).toBe(200);
  });

  it('are served stale while one request fetches anew, and when the upstream fails', async () => {
    const cacheStatus = async () => String((await read('anna')).headers['cache-status']);
    await eventually(async () =>
      expect(await cacheStatus()).toMatch(/hit; ttl=-\d+; detail=stale-while-revalidate/),
    );
    await eventually(async () => expect(await cacheStatus()).toContain('hit; ttl=1'));
    await env.emulator.fault({ operation: 'readPrinters', kind: 'status', status: 500 });
    await eventually(async () => expect(await cacheStatus()).toMatch(/; detail=stale-if-error/));
    expect((await read('anna')).body).toHaveLength(12);
    await env.emulator.noFaults();
  });

  it('tell a printer that is granted and unknown from one that is not granted, without asking twice', async () => {
    const before = await callsOf('readPrinter');
    const path = `${fixtures.printers}/${fixtures.unknownId}`;
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => read('anna', path)))).map(
      ({ status }) => status,
    );
    expect(new Set(statuses)).toEqual(new Set([404]));
    expect((await callsOf('readPrinter')) - before).toBe(1);
    expect((await read('olga', path)).status).toBe(403);
    expect((await callsOf('readPrinter')) - before).toBe(1);
  });

  it('share one list with the printers’ names of /me', async () => {
    await eventually(async () => expect((await read('anna')).headers['cache-status']).toContain('ttl=1'));
    const before = await callsOf('readPrinters');
    const me = await env.as('olga').get('/api/gateway/v1/me');
    expect(me.body.statements[0].printers).toContainEqual({ id: fixtures.printer, name: 'Printer 1' });
    expect(await callsOf('readPrinters')).toBe(before);
  });

  it('keep nothing in the shared state that no caller may see', async () => {
    await fifty(fixtures.printers);
    await fifty(onePrinter);
    const kept = [];
    for (const node of nodes)
      for (const key of (await node.command('KEYS *printer*')).split('\n').filter(Boolean))
        kept.push(await node.command(`GET ${key}`));
    expect(kept.join('')).toContain('Printer 1');
    expect(kept.join('')).not.toMatch(/certificate|serialNumber|deviceId|firmware|ribbonId/);
  });
});
