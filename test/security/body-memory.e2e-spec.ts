import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { dataUri, noisePng, printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';
import { Upload } from '../support/upload.js';

const IDLE_MS = 600;

describe('the memory of bodies', () => {
  let env: TestEnvironment;
  let tokens: Record<'olga' | 'sven', string>;
  const image = dataUri(noisePng(500, 500));
  const large = { print: { front: [{ data: image }] } };

  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateway: {
        BODY_LIMIT_BYTES: '1000000',
        BODY_MEMORY_BYTES: '2000000',
        BODY_MEMORY_WAIT_MS: '200',
        BODY_IDLE_TIMEOUT_MS: String(IDLE_MS),
        IDAAS_PRINT_TIMEOUT_MS: '1000',
      },
    });
    tokens = { olga: await env.tokenOf('olga'), sven: await env.tokenOf('sven') };
  });
  afterAll(() => env.close());
  afterEach(async () => {
    await env.emulator.noFaults();
    await eventually(async () => expect(await heldBytes()).toBe(0));
  });

  const heldBytes = async () => {
    const metrics = await env.gateway(0).metrics();
    return Number(/^print_gateway_body_memory_bytes (\d+)/m.exec(metrics)?.[1]);
  };
  const begin = (who: keyof typeof tokens, headers: Record<string, string>) =>
    Upload.begin(env.gatewayUrl, printPath(), {
      authorization: `Bearer ${tokens[who]}`,
      ...keyHeader(),
      ...headers,
    });
  const announcing = (bytes: number) => ({ 'content-length': String(bytes) });
  const IN_CHUNKS = { 'transfer-encoding': 'chunked' };
  const holding = (bytes: number) => eventually(async () => expect(await heldBytes()).toBe(bytes));

  describe('is given back', () => {
    it.each<[string, object, number]>([
      ['when it was printed', large, 200],
      ['when it was not valid', { print: { front: [{ data: image, sides: 2 }] } }, 400],
      ['when it was no image', { print: { front: [{ data: 'A'.repeat(400_000) }] } }, 400],
      ['when it was more than it may be', { billing: { segmentId: 'x'.repeat(70_000) } }, 413],
    ])('%s', async (_, body, status) => {
      expect((await env.as('olga').post(printPath(), body, keyHeader())).status).toBe(status);
    });

    it('when nothing was sent, when it was not granted, and when nothing is there', async () => {
      const olga = env.as('olga');
      expect((await olga.post(printPath(fixtures.otherPrinter), large)).status).toBe(403);
      expect((await olga.post('/api/web/v1/nowhere', large)).status).toBe(404);
      expect((await olga.patch(statusPath(fixtures.unknownId), { smartcard: {} })).status).toBe(404);
    });

    it('when it was replayed, and when the upstream failed, or did not answer', async () => {
      const key = keyHeader();
      const print = () => env.as('olga').post(printPath(), large, key);
      expect([(await print()).status, (await print()).headers['idempotency-replayed']]).toEqual([
        200,
        'true',
      ]);
      for (const fault of [
        { kind: 'reset-before' },
        { kind: 'reset-after' },
        { kind: 'latency', milliseconds: 3_000 },
      ]) {
        await env.emulator.fault({ operation: 'print', count: 1, ...fault } as never);
        expect((await env.as('olga').post(printPath(), large, keyHeader())).status).toBeGreaterThan(500);
      }
    });

    it('when the caller went away, in the middle of it or while it was printed', async () => {
      const half = await begin('olga', announcing(500_000));
      half.send('{"print":');
      await holding(500_000);
      half.breakOff();
      await holding(0);
      await env.emulator.fault({ operation: 'print', kind: 'latency', milliseconds: 500, count: 1 });
      const text = JSON.stringify(large);
      const whole = await begin('olga', announcing(text.length));
      const calls = await env.emulator.callsOf('print');
      whole.send(text);
      await eventually(async () => expect(await env.emulator.callsOf('print')).toBe(calls + 1));
      whole.breakOff();
      await holding(0);
    });

    it('when it was silent, with an answer like any other', async () => {
      for (const headers of [announcing(500_000), IN_CHUNKS]) {
        const silent = await begin('olga', headers);
        silent.send(headers === IN_CHUNKS ? '9\r\n{"print":' : '{"print":');
        const answer = await silent.answer();
        expect(answer).toMatch(/^HTTP\/1.1 408 /);
        expect(answer).toMatch(/x-request-id: .*request-too-slow/is);
      }
    });
  });

  it('is held by who is slow but steady, for as long as it takes', async () => {
    const text = JSON.stringify(printRequest());
    const slow = await begin('olga', announcing(text.length));
    const step = Math.ceil(text.length / 12);
    for (let at = 0; at < text.length; at += step) {
      slow.send(text.slice(at, at + step));
      await delay(IDLE_MS / 4);
    }
    expect(await slow.outcome()).toBe('200');
  });

  it('is one user’s in part only: more is 503, with nothing sent, and others print', async () => {
    const calls = await env.emulator.callsOf('print');
    const held = await begin('olga', announcing(900_000));
    await holding(900_000);
    const refused = await begin('olga', announcing(JSON.stringify(large).length));
    refused.send(JSON.stringify(large));
    const answer = await refused.answer();
    expect(answer).toMatch(/^HTTP\/1.1 503 .*retry-after: \d.*\/problems\/overloaded/is);
    expect(await env.emulator.callsOf('print')).toBe(calls);
    held.breakOff();
  });

  it('is waited for a moment', async () => {
    const held = await begin('olga', announcing(900_000));
    await holding(900_000);
    const waiting = await begin('olga', announcing(JSON.stringify(large).length));
    waiting.send(JSON.stringify(large));
    await delay(50);
    held.breakOff();
    expect(await waiting.outcome()).toBe('200');
  });

  it('is taken as it comes by what comes in chunks', async () => {
    const text = JSON.stringify(large);
    const first = await begin('olga', IN_CHUNKS);
    first.sendChunk(text.slice(0, 150_000));
    await holding(196_608);
    first.sendChunk(text.slice(150_000));
    first.send('0\r\n\r\n');
    expect(await first.outcome()).toBe('200');
  });

  it('is no more than the longest body in chunks', async () => {
    const endless = await begin('olga', IN_CHUNKS);
    endless.sendChunk(`{"print":{"front":[{"data":"${'A'.repeat(600_000)}`);
    endless.sendChunk('A'.repeat(600_000));
    expect(await endless.outcome()).toBe('413 body-too-large');
  });
});
