import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { inParallel } from '../support/in-parallel.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

const JOBS = 100;
const STREAMS = 1_000;
/** Each prints one job after another. */
const PRINTERS = [fixtures.printer, fixtures.secondPrinter, fixtures.otherPrinter];
const OPENING_AT_ONCE = 50;

interface Stream {
  text: string;
  completedAtMs: number;
}

describe('a thousand streams on a hundred jobs', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  const agent = new Agent({ maxSockets: Infinity });
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url, EVENTS_PER_CALLER: String(STREAMS), LOG_LEVEL: 'info' },
      // All cards leave a printer one behind the other: together they take no longer than it is waited.
      emulator: { EMULATOR_TOKEN_LIFE_MS: '86400000', EMULATOR_CARD_MS: '10' },
    });
  });
  afterAll(async () => {
    agent.destroy();
    await env.close();
    await redis.stop();
  });

  const open = async (url: string, token: string): Promise<Stream> => {
    const response = await new Promise<IncomingMessage>((resolve, reject) =>
      get(url, { agent, headers: { authorization: `Bearer ${token}` } }, resolve).on('error', reject),
    );
    const stream: Stream = { text: '', completedAtMs: 0 };
    response.on('data', (chunk: Buffer) => {
      stream.text += chunk.toString();
      if (stream.completedAtMs === 0 && stream.text.includes('"COMPLETED"'))
        stream.completedAtMs = performance.now();
    });
    response.on('error', () => {});
    return stream;
  };

  const memory = () => env.gateways.map(({ program }) => program.residentBytes).reduce((a, b) => a + b, 0);

  it('cost the upstream what a hundred pollers would, and each sees the end in time', async () => {
    const token = await env.tokenOf('anna');
    const jobs = await inParallel(Array.from({ length: JOBS }), PRINTERS.length, async (_, at) => {
      const printer = printPath(PRINTERS[at % PRINTERS.length]);
      return String((await env.as('anna').post(printer, printRequest())).body.printStatus.id);
    });
    const before = memory();
    const streams: Stream[] = [];
    const left = Array.from({ length: STREAMS }, (_, i) => i);
    const opening = async () => {
      for (let i = left.pop(); i !== undefined; i = left.pop())
        streams.push(
          await open(`${env.gateway(i % 2).url}/api/gateway/v1/jobs/${jobs[i % JOBS]}/events`, token),
        );
    };
    await Promise.all(Array.from({ length: OPENING_AT_ONCE }, opening));
    await eventually(() => expect(streams.every(({ text }) => text.includes('"QUEUED"'))).toBe(true));
    const perStream = (memory() - before) / STREAMS;

    const [calls, startedAt] = [await env.emulator.callsOf('getPrintStatus'), performance.now()];
    await delay(3_000);
    const seconds = (performance.now() - startedAt) / 1000;
    const polled = (await env.emulator.callsOf('getPrintStatus')) - calls;
    expect(polled).toBeGreaterThan(JOBS);
    expect(polled).toBeLessThanOrEqual(1.1 * JOBS * Math.ceil(seconds));

    const [polledBefore, shownAt] = [await env.emulator.callsOf('getPrintStatus'), performance.now()];
    await env.emulator.advance(120_000);
    await eventually(() =>
      expect(streams.filter(({ completedAtMs }) => completedAtMs === 0)).toHaveLength(0),
    );
    const latest = Math.max(...streams.map(({ completedAtMs }) => completedAtMs)) - shownAt;
    process.stdout.write(
      `streams: ${Math.round(perStream / 1000)} kB of resident memory each, the end seen within ${Math.round(latest)} ms\n`,
    );
    // Of each job the poll that was under way, and the one that finds the end: a third would mean that one was missed.
    expect((await env.emulator.callsOf('getPrintStatus')) - polledBefore).toBeLessThanOrEqual(2 * JOBS);
    for (const { text } of streams)
      expect(text.match(/"status":"\w+"/g)).toEqual(['"status":"QUEUED"', '"status":"COMPLETED"']);
  }, 60_000);
});
