import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { House, withoutQuotas } from '../support/house.js';
import { base64, dataUri, noisePng, png } from '../support/some.js';
import { printPath } from '../support/the.js';

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
interface Seen {
  readonly message: string;
  readonly images: readonly string[];
}

/** An upstream that notes what it is asked to print; some answers come late or before it has read, some connections break. */
class Upstream {
  readonly seen: Seen[] = [];
  private turn = 0;

  readonly server: Server = createServer((request, response) => {
    if (request.url?.endsWith('/authenticate')) return this.authenticate(response);
    this.turn += 1;
    if (this.turn % 7 === 0) return this.breakOff(request);
    if (this.turn % 9 === 0) response.writeHead(500).end();
    void this.print(request, response, this.turn % 5 === 0 ? 1_500 : 0);
  });

  private authenticate(response: ServerResponse): void {
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
  let house: House;
  const upstream = new Upstream();
  beforeAll(async () => {
    await new Promise<void>((resolve) => upstream.server.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.server.address() as AddressInfo;
    house = await House.open({
      gateway: { IDAAS_BASE_URL: `http://127.0.0.1:${port}`, IDAAS_PRINT_TIMEOUT_MS: '1000' },
      policy: withoutQuotas,
    });
  });
  afterAll(async () => {
    await house.close();
    upstream.server.closeAllConnections();
    upstream.server.close();
  });

  it('reach the upstream as they were sent, whatever became of those beside them', async () => {
    const sent = new Map<string, string[]>();
    const statuses: number[] = [];
    let turn = 0;
    const work = async () => {
      while (turn < 120) {
        turn += 1;
        const message = String(turn);
        // Sometimes small, sometimes with something escaped, which is read in another way.
        const escaped = turn % 11 === 0 ? '"\\' : '';
        const noise = (side: string) => noisePng(500, 500, `${side} ${message}`);
        const front = dataUri(turn % 6 === 0 ? png() : noise('front'));
        const back = base64(noise('back'));
        sent.set(message, [digestOf(front), digestOf(back)]);
        const body = {
          exceptionSlotMessage: message,
          ...(escaped && { billing: { segmentId: escaped } }),
          print: { front: [{ data: front }], back: [{ data: back, layer: 'COLOR' }] },
        };
        statuses.push((await house.as('olga').post(printPath(), body)).status);
      }
    };
    await Promise.all(Array.from({ length: 12 }, work));
    expect(new Set(statuses)).toEqual(new Set([200, 502, 504]));
    expect(upstream.seen.length).toBeGreaterThan(80);
    for (const { message, images } of upstream.seen)
      expect([message, images]).toEqual([message, sent.get(message)]);
  });
});
