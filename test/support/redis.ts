import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** A real redis-server on a free port, with its files in a folder of its own. */
export class RedisServer {
  private readonly directory = mkdtempSync(join(tmpdir(), 'redis-'));
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly options: readonly string[],
  ) {}

  static async start(...options: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.run();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again on the same port with what it had saved. */
  async run(): Promise<void> {
    const usual = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.directory, '--save', ''];
    this.child = spawn('redis-server', [...usual, ...this.options], { stdio: 'ignore' });
    const child = this.child;
    process.once('exit', () => child.kill('SIGKILL'));
    await eventually(async () => {
      if ((await this.command('PING')) !== '+PONG') throw new Error('redis-server does not answer');
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await exit;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Sends one inline command and gives back the first line of its reply, or the whole of a bulk reply. */
  command(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write(`${line}\r\nQUIT\r\n`));
      let reply = '';
      socket.on('data', (chunk) => (reply += chunk.toString())).on('error', reject);
      socket.on('close', () => resolve(reply.replace(/\+OK\r\n$/, '').trimEnd()));
    });
  }

  /** How many commands of callers it has processed. */
  async commandsProcessed(): Promise<number> {
    return Number(/total_commands_processed:(\d+)/.exec(await this.command('INFO stats'))?.[1]);
  }
}

/** Three masters with all slots between them. */
export async function startCluster(): Promise<RedisServer[]> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--appendonly', 'no'];
  const nodes = await Promise.all([1, 2, 3].map(() => RedisServer.start(...options)));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], { stdio: 'ignore' });
  await eventually(async () => {
    const states = await Promise.all(nodes.map((node) => node.command('CLUSTER INFO')));
    if (!states.every((state) => state.includes('cluster_state:ok')))
      throw new Error('the cluster is not ready');
  });
  return nodes;
}

export const clusterUrl = (nodes: readonly RedisServer[]) =>
  `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
