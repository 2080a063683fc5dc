import { Agent, get, type IncomingMessage } from 'node:http';
import { eventually } from '../support/eventually.js';
import { SseClient } from '../support/sse-client.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

const PER_CALLER = 10;
const PER_PROCESS = 25;

describe('the places of event streams', () => {
  let env: TestEnvironment;
  const agent = new Agent({ maxSockets: Infinity });
  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateway: { EVENTS_PER_CALLER: String(PER_CALLER), EVENTS_PER_PROCESS: String(PER_PROCESS) },
      emulator: { EMULATOR_CARD_MS: '600000' },
    });
  });
  afterAll(async () => {
    agent.destroy();
    await env.close();
  });

  const print = async (who: string) =>
    (await env.as(who).post(printPath(), printRequest(), keyHeader())).body.printStatus.id as string;
  const path = (id: string) => `/api/gateway/v1/jobs/${id}/events`;
  const open = async (id: string, who: string): Promise<IncomingMessage> => {
    const headers = { authorization: `Bearer ${await env.tokenOf(who)}` };
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      get(env.gatewayUrl + path(id), { agent, headers }, resolve).on('error', reject),
    );
    response.on('error', () => {}).resume();
    return response;
  };
  const openStreams = async () => {
    const text = await env.gateway(0).metrics();
    return Number(/^\S*event_streams (\d+)/m.exec(text)?.[1]);
  };
  const closeAll = async (responses: readonly IncomingMessage[]) => {
    responses.forEach((response) => response.destroy());
    await eventually(async () => expect(await openStreams()).toBe(0));
  };

  it('are as many for one caller as they may be, however many are opened at once', async () => {
    const id = await print('olga');
    await env.emulator.fault({ operation: 'getPrintStatus', kind: 'latency', milliseconds: 300, share: 1 });
    const responses = await Promise.all(Array.from({ length: 100 }, () => open(id, 'olga')));
    await env.emulator.noFaults();
    const statuses = responses.map(({ statusCode }) => statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(PER_CALLER);
    expect(statuses.filter((status) => status === 429)).toHaveLength(100 - PER_CALLER);
    await closeAll(responses);
  });

  it('are given back whatever the answer was, and when the caller goes before there is one', async () => {
    const id = await print('olga');
    await env.emulator.fault({ operation: 'getPrintStatus', kind: 'status', status: 500 });
    const failed = await Promise.all(Array.from({ length: PER_CALLER }, () => open(id, 'olga')));
    expect(failed.every(({ statusCode }) => (statusCode ?? 0) >= 500)).toBe(true);
    await env.emulator.noFaults();
    await env.emulator.fault({
      operation: 'getPrintStatus',
      kind: 'latency',
      milliseconds: 6_000,
      share: 1,
    });
    const other = await print('olga');
    const gone = Array.from({ length: PER_CALLER }, async () => {
      const abort = new AbortController();
      const headers = { authorization: `Bearer ${await env.tokenOf('olga')}` };
      const asked = fetch(env.gatewayUrl + path(other), { headers, signal: abort.signal }).catch(
        () => 'gone',
      );
      await eventually(async () => expect(await openStreams()).toBeGreaterThan(0));
      abort.abort();
      return asked;
    });
    await Promise.all(gone);
    // Before the upstream has answered.
    await eventually(async () => expect(await openStreams()).toBe(0), 5_000);
    await env.emulator.noFaults();
    const again = await Promise.all(Array.from({ length: PER_CALLER }, () => open(id, 'olga')));
    expect(again.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: PER_CALLER }, () => 200));
    await closeAll(again);
  });

  it('that one tenant holds all of are given up, the newest first, to another', async () => {
    const mine = new Map<string, string>();
    for (const who of ['olga', 'otto', 'sonja', 'oscar']) mine.set(who, await print(who));
    const held = [];
    for (const who of ['olga', 'otto', 'sonja'])
      for (let i = 0; i < PER_CALLER && held.length < PER_PROCESS - 1; i += 1)
        held.push(await open(mine.get(who) as string, who));
    const newest = new SseClient(
      env.gatewayUrl + path(mine.get('olga') as string),
      await env.tokenOf('anna'),
    );
    await newest.until('QUEUED');
    expect(await openStreams()).toBe(PER_PROCESS);
    const response = await open(mine.get('oscar') as string, 'oscar');
    expect(response.statusCode).toBe(200);
    expect(await openStreams()).toBe(PER_PROCESS);
    const refused = await env.as('olga').get(path(mine.get('olga') as string));
    expect([refused.status, refused.body.type]).toEqual([429, '/problems/too-many-streams']);
    newest.close();
    await closeAll([...held, response]);
  });
});
