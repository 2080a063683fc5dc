import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

/** Requests whose lines are more than the gateway keeps for an output that takes nothing, and more than a pipe holds. */
const MANY = 14_000;
const SOME = 1_000;
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const AT_ONCE = 1_000;
const DEADLINE_MS = 10_000;

describe('a gateway whose log cannot be written', () => {
  const [FULL, UNREAD, GONE, STOPPED] = [0, 1, 2, 3];
  const fullDisk = openSync('/dev/full', 'w');
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateways: 4,
      start: (index) => ({ stdout: ([fullDisk, 'unread', 'read', 'unread'] as const)[index] }),
      each: (index) => ({ STOP_DEADLINE_MS: String(index === STOPPED ? 1_500 : DEADLINE_MS) }),
    });
  });
  afterAll(async () => {
    await env.close();
    closeSync(fullDisk);
  });

  const metric = async (gateway: number, name: string) => {
    const text = await env.gateway(gateway).metrics();
    return Number(new RegExp(`^print_gateway_${name}(?:\\{.*\\})? (.*)$`, 'm').exec(text)?.[1] ?? 0);
  };
  const requireServing = async (gateway: number) => {
    expect((await env.as('olga', gateway).post(printPath(), printRequest())).status).toBe(200);
    expect((await env.as('olga', gateway).get(fixtures.counts)).status).toBe(200);
    expect((await fetch(`${env.gateway(gateway).managementUrl}/health/live`)).status).toBe(200);
    expect(await metric(gateway, 'unexpected_errors_total')).toBe(0);
  };
  /** So many reads on one connection, some of them at once; rejects unless each is answered. */
  const read = async (gateway: number, count: number) => {
    const socket = connect(Number(new URL(env.gateway(gateway).url).port), '127.0.0.1');
    const authorization = `authorization: Bearer ${await env.tokenOf('olga')}`;
    const lines = [`GET ${fixtures.counts} HTTP/1.1`, 'host: x', `x-request-id: ${'x'.repeat(128)}`];
    const head = [...lines, `traceparent: ${TRACE}`, authorization, '', ''].join('\r\n');
    let answered = '';
    socket.on('data', (chunk: Buffer) => (answered += chunk.toString('latin1')));
    for (let sent = 0; sent < count; sent += AT_ONCE) {
      answered = '';
      socket.write(head.repeat(AT_ONCE));
      await eventually(() => expect(answered.split('HTTP/1.1 200')).toHaveLength(AT_ONCE + 1));
    }
    socket.destroy();
  };
  const requireStopping = async (gateway: number) => {
    const { program } = env.gateway(gateway);
    const startedAtMs = performance.now();
    await program.stop();
    expect(await program.ended()).toBe(0);
    expect(performance.now() - startedAtMs).toBeLessThan(DEADLINE_MS);
  };

  it('serves while the disk is full from the start, drops lines, and stops', async () => {
    await requireServing(FULL);
    await read(FULL, MANY);
    expect(await metric(FULL, 'log_lines_dropped_total')).toBeGreaterThan(0);
    await requireServing(FULL);
    await requireStopping(FULL);
  });

  it('serves while nobody reads its output, and says how many lines it dropped when somebody does', async () => {
    await read(UNREAD, MANY);
    await requireServing(UNREAD);
    const dropped = await metric(UNREAD, 'log_lines_dropped_total');
    expect(dropped).toBeGreaterThan(0);
    const { program } = env.gateway(UNREAD);
    program.readOn();
    await eventually(() => expect(program.output).toContain(`"msg":"${dropped} lines were dropped`));
    // Whole lines, the newest among them.
    await eventually(() =>
      expect(JSON.parse(program.output.trim().split('\n').at(-1) as string)).toMatchObject({
        requestId: expect.not.stringContaining('xxx'),
        route: fixtures.counts,
      }),
    );
    expect(program.output.split('\n').length).toBeLessThan(MANY);
    await requireStopping(UNREAD);
  });

  it('serves when the reader of its output has gone, and stops', async () => {
    env.gateway(GONE).program.hangUp();
    await read(GONE, SOME);
    await requireServing(GONE);
    await requireStopping(GONE);
  });

  it('ends at its deadline while nobody reads its output', async () => {
    await read(STOPPED, SOME);
    await env.emulator.fault({ operation: 'print', kind: 'latency', milliseconds: 20_000, count: 1 });
    const printing = env
      .as('olga', STOPPED)
      .post(printPath(), printRequest())
      .then(
        () => 'answered',
        () => 'dropped',
      );
    await eventually(async () => expect(await metric(STOPPED, 'upstream_running')).toBe(1));
    const { program } = env.gateway(STOPPED);
    program.signal('SIGTERM');
    expect(await program.ended()).toBe(1);
    expect(await printing).toBe('dropped');
  });
});
