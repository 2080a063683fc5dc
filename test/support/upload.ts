import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A request of which a test writes the body itself, as slowly as it likes. */
export class Upload {
  private answerText = '';
  private readonly answered: Promise<void>;

  private constructor(private readonly socket: Socket) {
    this.answered = new Promise((resolve) => {
      socket.on('data', (chunk) => {
        this.answerText += chunk.toString();
        if (isWhole(this.answerText)) resolve();
      });
      // What the gateway does not want to read any more it does not take.
      socket.on('error', () => undefined).on('close', () => resolve());
    });
  }

  static async begin(url: string, path: string, headers: Record<string, string>): Promise<Upload> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const all = { host: 'x', 'content-type': 'application/json', connection: 'close', ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const upload = new Upload(socket);
    upload.send(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    return upload;
  }

  send(text: string | Buffer): void {
    if (this.socket.writable) this.socket.write(text);
  }

  /** A piece of a body whose length was not announced. */
  sendChunk(text: string): void {
    this.send(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  }

  breakOff(): void {
    this.socket.destroy();
  }

  /** Everything that came back, once it is whole or the connection has closed. */
  async answer(): Promise<string> {
    await this.answered;
    this.socket.destroy();
    return this.answerText;
  }

  /** The status, and the kind of problem where it is one. */
  async outcome(): Promise<string> {
    const answer = await this.answer();
    const problem = /"type":"\/problems\/([^"]*)"/.exec(answer)?.[1];
    return [/^HTTP\/1.1 (\d+)/.exec(answer)?.[1], problem].filter(Boolean).join(' ');
  }
}

function isWhole(answer: string): boolean {
  const headersEnd = answer.indexOf('\r\n\r\n');
  const length = /^content-length: (\d+)/im.exec(answer)?.[1];
  return headersEnd !== -1 && Buffer.byteLength(answer) >= headersEnd + 4 + Number(length);
}
