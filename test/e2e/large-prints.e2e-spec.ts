import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { base64, dataUri, noisePng, png } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
interface Seen {
  readonly message: string;
  readonly images: readonly string[];
}

/** An upstream that notes what it is asked to print; it reads or answers late, or answers before it has read, or breaks off. */
class Upstream {
  readonly seen: Seen[] = [];
  private turn = 0;

  readonly server: Server = createServer((request, response) => {
    if (request.url?.endsWith('/authenticate')) return void this.authenticate(response);
    if (request.url?.includes('/prints')) return void response.writeHead(404).end();
    this.turn += 1;
    if (this.turn % 7 === 0) return this.breakOff(request);
    if (this.turn % 8 === 0) response.writeHead(500).end();
    void this.print(request, response, this.turn % 5 === 0 ? 1_500 : 0);
  });

  /** Takes its time, so that images wait for it beside each other. */
  private async authenticate(response: ServerResponse): Promise<void> {
    await delay(300);
    const [creationTime, expirationTime] = [0, 3_600_000].map((ms) =>
      new Date(Date.now() + ms).toISOString(),
    );
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ authToken: 'a'.repeat(40), creationTime, expirationTime }));
  }

  private breakOff(request: IncomingMessage): void {
    request.once('data', () => request.destroy());
  }

  private async print(request: IncomingMessage, response: ServerResponse, pauseMs: number): Promise<void> {
    const chunks: Buffer[] = [];
    if (this.turn % 3 === 0 && !response.writableEnded) await delay(100);
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const { exceptionSlotMessage: message, print } = JSON.parse(Buffer.concat(chunks).toString()) as {
      exceptionSlotMessage: string;
      print: Record<'front' | 'back', { data: string }[]>;
    };
    this.seen.push({ message, images: [...print.front, ...print.back].map(({ data }) => digestOf(data)) });
    if (response.writableEnded) return;
    await delay(pauseMs);
    const id = message.padStart(32, '0');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ printStatus: { id, link: `/api/web/v1/printers/print/${id}` } }));
  }
}

describe('large prints', () => {
  let env: TestEnvironment;
  const upstream = new Upstream();
  beforeAll(async () => {
    await new Promise<void>((resolve) => upstream.server.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.server.address() as AddressInfo;
    env = await TestEnvironment.open({
      gateway: {
        IDAAS_BASE_URL: `http://127.0.0.1:${port}`,
        IDAAS_PRINT_TIMEOUT_MS: '1000',
        // On a busy machine ten prints in a row time out, which is not what this is about.
        IDAAS_CIRCUIT_FAILURES: '1000',
      },
      policy: withoutQuotas,
    });
  });
  afterAll(async () => {
    await env.close();
    upstream.server.closeAllConnections();
    upstream.server.close();
  });

  it('reach the upstream as they were sent, whatever became of those beside them', async () => {
    const sent = new Map<string, string[]>();
    const statuses: number[] = [];
    let turn = 0;
    // Made before, so that requests follow each other closely. The last ones are more than a connection takes at once.
    const images = Array.from({ length: 30 }, (_, i) => noisePng(500, i < 25 ? 500 : 3_000, String(i)));
    const work = async (_: unknown, worker: number) => {
      // Half of them come while the images of the others wait to be sent.
      await delay(worker % 2 ? 150 : 0);
      while (turn < 150) {
        turn += 1;
        const message = String(turn);
        // Sometimes small, sometimes with something escaped, which is read in another way.
        const escaped = turn % 11 === 0 ? '"\\' : '';
        const image = (step: number) => images[(turn * step) % images.length] as Buffer;
        const front = dataUri(turn % 6 === 0 ? png() : image(1));
        const back = base64(image(7));
        sent.set(message, [digestOf(front), digestOf(back)]);
        const body = {
          exceptionSlotMessage: message,
          ...(escaped && { billing: { segmentId: escaped } }),
          print: { front: [{ data: front }], back: [{ data: back, layer: 'COLOR' }] },
        };
        // Each at a printer of its own: none waits for the turn of another.
        const printer = `1c1eca1b-71a2-4270-9660-3f3292fa5${String(worker).padStart(3, '0')}`;
        statuses.push((await env.as('anna').post(printPath(printer), body)).status);
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
    // On a busy machine a printer may still be busy with what became of the print before.
    const answered = statuses.filter((status) => status !== 503);
    expect(new Set(answered)).toEqual(new Set([200, 502, 504]));
    expect(upstream.seen.length).toBeGreaterThan(80);
    for (const { message, images } of upstream.seen)
      expect([message, images]).toEqual([message, sent.get(message)]);
  });
});
