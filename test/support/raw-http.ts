import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How long a peer is given: some of what tests send is never answered, and some of it twice. */
const UNANSWERED_MS = 2_000;
const ANSWERED_MS = 700;

/** Sends bytes as they are, and gives back all that came until the connection ended or nothing more was to be expected. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  let isClosed = false;
  socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
  socket.on('close', () => (isClosed = true)).on('error', () => (isClosed = true));
  socket.write(Buffer.from(bytes, 'latin1'));
  const startedAtMs = Date.now();
  const isOver = () => isClosed || Date.now() - startedAtMs > (answer ? ANSWERED_MS : UNANSWERED_MS);
  while (!isOver()) await delay(10);
  socket.destroy();
  return answer;
}

/** The statuses of the final answers in what came over a connection, in order. */
export function statusesOf(answer: string): number[] {
  const all = [...answer.matchAll(/(?:^|[\r\n}])HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
  return all.filter((status) => status >= 200);
}
