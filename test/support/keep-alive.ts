import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One connection for one request after the other, with as little between the wire and the clock as can be. */
export class KeepAlive {
  private constructor(private readonly socket: Socket) {}

  static async open(url: string): Promise<KeepAlive> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname).setNoDelay(true);
    await once(socket, 'connect');
    return new KeepAlive(socket);
  }

  close(): void {
    this.socket.destroy();
  }

  /** The status, and how long it took from the first byte out to the last byte in. */
  async send(head: string): Promise<{ status: number; microseconds: number }> {
    const startedAt = process.hrtime.bigint();
    this.socket.write(head);
    let answer = '';
    while (!isWhole(answer)) {
      const [chunk] = (await once(this.socket, 'data')) as [Buffer];
      answer += chunk.toString('latin1');
    }
    const microseconds = Number(process.hrtime.bigint() - startedAt) / 1_000;
    return { status: Number(answer.slice(9, 12)), microseconds };
  }
}

function isWhole(answer: string): boolean {
  const endOfHead = answer.indexOf('\r\n\r\n');
  if (endOfHead < 0) return false;
  const length = Number(/^content-length: (\d+)/im.exec(answer)?.[1] ?? 0);
  return answer.length >= endOfHead + 4 + length;
}
