import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';
import { freePort, onFreePort } from './free-port.js';

const runFile = promisify(execFile);
const CREATE_MS = 30_000;

/** A real redis-server on a free port, with its files in a folder of its own. */
export class RedisServer {
  private readonly directory = mkdtempSync(join(tmpdir(), 'redis-'));
  private readonly configFile = join(this.directory, 'redis.conf');
  private child: ChildProcess | undefined;

  constructor(
    readonly port: number,
    private readonly options: readonly string[],
  ) {}

  static start(...options: string[]): Promise<RedisServer> {
    return onFreePort(async (port) => {
      const server = new RedisServer(port, options);
      await server.run();
      return server;
    });
  }

  /** A sentinel that watches this master; two of them must agree that it is gone. */
  static async sentinel(name: string, masterPort: number, ...options: string[]): Promise<RedisServer> {
    const sentinel = new RedisServer(await freePort(), ['--sentinel', ...options]);
    const lines = [
      `sentinel monitor ${name} 127.0.0.1 ${masterPort} 2`,
      `sentinel down-after-milliseconds ${name} 1000`,
      `sentinel failover-timeout ${name} 3000`,
    ];
    writeFileSync(sentinel.configFile, `${lines.join('\n')}\n`);
    await sentinel.run();
    return sentinel;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, or starts it again on the same port with what it had saved. */
  async run(): Promise<void> {
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.directory];
    // A replica that asks is sent the data at once, not after the five seconds in which others might ask too.
    const plain = ['--save', '', '--repl-diskless-sync-delay', '0'];
    const configured = existsSync(this.configFile) ? [this.configFile] : plain;
    this.child = spawn('redis-server', [...configured, ...where, ...this.options], { stdio: 'ignore' });
    const child = this.child;
    process.once('exit', () => child.kill('SIGKILL'));
    await eventually(() => this.requireAnswer(child)).catch(async (error: unknown) => {
      const hasEnded = child.exitCode !== null;
      await this.stop();
      throw hasEnded ? new Error(`redis-server ended: port ${this.port}, address already in use?`) : error;
    });
  }

  /** Of this very process: somebody else may have taken the port. */
  private async requireAnswer({ pid }: ChildProcess): Promise<void> {
    if ((await this.command('PING')) !== 'PONG') throw new Error('redis-server does not answer');
    if (!(await this.command('INFO server')).includes(`process_id:${pid}\n`))
      throw new Error(`another server answers at port ${this.port}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    const child = this.child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    await exit;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Sends one command with redis-cli, and gives back its reply as it prints it. */
  async command(line: string): Promise<string> {
    const { stdout } = await runFile('redis-cli', ['-p', String(this.port), ...line.split(' ')]);
    return stdout.replaceAll('\r', '').trim();
  }

  /** The same, for words that have spaces in them. */
  async commandOf(...words: string[]): Promise<string> {
    return (await runFile('redis-cli', ['-p', String(this.port), ...words])).stdout.trim();
  }

  /** Everything that stands in its files. */
  files(): string {
    const names = readdirSync(this.directory, { recursive: true, encoding: 'utf8' });
    const files = names.map((name) => join(this.directory, name)).filter((path) => statSync(path).isFile());
    return files.map((path) => readFileSync(path, 'latin1')).join('\n');
  }

  /** Begins to note every command and message, those within scripts too; tells what was noted. */
  monitor(): () => string {
    const monitor = spawn('redis-cli', ['-p', String(this.port), 'MONITOR'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let noted = '';
    monitor.stdout.on('data', (chunk: Buffer) => (noted += chunk.toString('latin1')));
    process.once('exit', () => monitor.kill('SIGKILL'));
    return () => noted;
  }

  /** How many commands of callers it has processed. */
  async commandsProcessed(): Promise<number> {
    return Number(/total_commands_processed:(\d+)/.exec(await this.command('INFO stats'))?.[1]);
  }
}

/** Three masters with all slots between them; `announce` says of each port at which other one its clients are to find it. */
export async function startCluster(
  announce: (port: number) => Promise<number> = (port) => Promise.resolve(port),
): Promise<RedisServer[]> {
  const options = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--appendonly', 'no'];
  const nodes = await Promise.all(
    [1, 2, 3].map(async () => {
      const port = await freePort();
      return new RedisServer(port, [...options, '--cluster-announce-port', String(await announce(port))]);
    }),
  );
  await Promise.all(nodes.map((node) => node.run()));
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  // It asks the nodes at the address they announce, where this process may listen: it must not wait in its way.
  await runFile('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes'], { timeout: CREATE_MS });
  await eventually(async () => {
    const states = await Promise.all(nodes.map((node) => node.command('CLUSTER INFO')));
    if (!states.every((state) => state.includes('cluster_state:ok')))
      throw new Error('the cluster is not ready');
  });
  return nodes;
}

export const clusterUrl = (nodes: readonly { readonly port: number }[]) =>
  `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`;

/** Three sentinels that know this master, its one replica and each other. */
export async function startSentinels(masterPort: number): Promise<RedisServer[]> {
  const sentinels = await Promise.all([1, 2, 3].map(() => RedisServer.sentinel('main', masterPort)));
  await eventually(async () => {
    for (const sentinel of sentinels) {
      const view = (await sentinel.command('SENTINEL MASTER main')).split('\n').join(' ');
      if (!view.includes('num-slaves 1 num-other-sentinels 2'))
        throw new Error('the sentinels do not know all');
    }
  }, CREATE_MS);
  return sentinels;
}

export const sentinelUrl = (sentinels: readonly { readonly port: number }[]) =>
  `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/main`;
