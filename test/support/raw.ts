import { connect, type Socket } from 'node:net';

/** One connection, and everything that came back on it. */
export interface RawConnection {
  readonly socket: Socket;
  readonly received: string;
  /** Fulfilled with everything that came back, when the other side has closed. */
  readonly ended: Promise<string>;
}

/** Opens a connection to this address and sends this on it, byte for byte. */
export function sendRaw(url: string, text: string | Buffer): RawConnection {
  const { hostname, port } = new URL(url);
  const connection = { received: '' };
  const socket = connect(Number(port), hostname, () => socket.write(text));
  socket.on('data', (chunk: Buffer) => (connection.received += chunk.toString('latin1')));
  const ended = new Promise<string>((resolve) => {
    // A reset behind the answer is an end too.
    socket.on('error', () => {}).on('close', () => resolve(connection.received));
  });
  return {
    socket,
    ended,
    get received() {
      return connection.received;
    },
  };
}

/** The text of a request, with its header lines. */
export function requestText(line: string, headers: readonly string[], body = ''): string {
  return [`${line} HTTP/1.1`, 'Host: gateway.test', ...headers, '', body].join('\r\n');
}
