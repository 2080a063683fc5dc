import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const PORT = 53;
/** A response (RFC 1035 §4.1.1) to a question that wanted recursion: there is no such name. */
const NO_SUCH_NAME = 0x8183;

/** A server of names that knows none, or says nothing. Each test has a loopback address of its own. */
export class NameServer {
  isSilent = false;

  private constructor(private readonly socket: Socket) {
    socket.on('message', (question, { port, address }) => {
      if (this.isSilent) return;
      const answer = Buffer.from(question);
      answer.writeUInt16BE(NO_SUCH_NAME, 2);
      socket.send(answer, port, address);
    });
  }

  static async start(address: string): Promise<NameServer> {
    const socket = createSocket('udp4').bind(PORT, address);
    await once(socket, 'listening');
    return new NameServer(socket);
  }

  async stop(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }
}
