import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { inParallel } from '../support/in-parallel.js';
import { printPath, fixtures } from '../support/fixtures.js';

const DRIP_MS = 50;
/** Files that this process and a gateway need beside the connections. */
const OTHER_FILES = 300;

/** How many files a process may open here: 4,000 connections need as many on both sides. */
function openFilesAllowed(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 1_024);
}

/** OWASP API4:2023, Unrestricted Resource Consumption: of connections. */
describe('API4, resources: while others take their time', () => {
  const IDLE = Math.min(4_000, openFilesAllowed() - OTHER_FILES);
  let env: TestEnvironment;
  let token: string;
  let port: number;
  let sockets: Socket[] = [];
  let dripping: NodeJS.Timeout[] = [];
  beforeAll(async () => {
    env = await TestEnvironment.open({
      policy: withoutQuotas,
      gateway: { HEADERS_TIMEOUT_MS: '3000', REQUEST_TIMEOUT_MS: '3000' },
    });
    token = await env.tokenOf('anna');
    port = Number(new URL(env.gatewayUrl).port);
  });
  afterEach(() => {
    dripping.forEach(clearInterval);
    sockets.forEach((socket) => socket.destroy());
    [sockets, dripping] = [[], []];
  });
  afterAll(() => env.close());

  const open = async (begin = ''): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => {}).resume();
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
    socket.write(begin);
    return socket;
  };
  const openMany = (count: number, begin?: string) =>
    inParallel(Array.from({ length: count }), 50, () => open(begin));

  /** Sends one more piece every now and then, as long as it is listened to. */
  const drip = (socket: Socket, piece: string) =>
    dripping.push(setInterval(() => socket.writable && socket.write(piece), DRIP_MS));

  /** Twenty people who ask one thing after the other. */
  async function expectOthersAreServed(): Promise<void> {
    const asked = Array.from({ length: 200 });
    const statuses = await inParallel(asked, 20, async () => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(env.gatewayUrl + fixtures.counts, {
        headers,
        signal: AbortSignal.timeout(5_000),
      });
      await response.arrayBuffer();
      return response.status;
    });
    expect(new Set(statuses)).toEqual(new Set([200]));
  }

  const head = () => `POST ${printPath()} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
  const allClosed = () =>
    eventually(() => expect(sockets.filter(({ closed }) => !closed)).toHaveLength(0), 20_000);

  it('thousands who connect and say nothing cost others nothing', async () => {
    expect(IDLE).toBeGreaterThan(500);
    await openMany(IDLE);
    await expectOthersAreServed();
    expect(env.gateway(0).program.residentBytes).toBeLessThan(512 * 1024 * 1024);
  });

  it('hundreds whose headers drip cost others nothing, and are ended', async () => {
    for (const socket of await openMany(300, head())) drip(socket, 'X-A: b\r\n');
    await expectOthersAreServed();
    await allClosed();
  });

  it('hundreds whose bodies stand still cost others nothing, and are ended', async () => {
    const begun = `${head()}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"hopper":`;
    await openMany(300, begun);
    await expectOthersAreServed();
    await allClosed();
  });

  it('hundreds who ask and do not read the answers cost others nothing', async () => {
    const question = `GET ${fixtures.printers} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;
    for (const socket of await openMany(100)) socket.pause().write(question.repeat(20));
    await expectOthersAreServed();
  });
});
