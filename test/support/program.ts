import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { eventually } from './eventually.js';

/** How long a program may take to start on a machine that is busy with other tests. */
const START_MS = 50_000;

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
// Jest ends a worker so that hangs: what it started must not stay.
process.once('SIGTERM', () => process.exit(1));

/** What takes a program's standard output: a reader, a pipe that nobody reads, or what this descriptor is open to. */
type StandardOutput = 'read' | 'unread' | number;

/** How a program is started. */
export interface ProgramOptions {
  /** Behind its name on the command line. */
  words?: readonly string[];
  /** The folder that it is started in, with its build below; this project when left out. */
  tree?: string | undefined;
  stdout?: StandardOutput | undefined;
  /** How many files and connections it may have open; as many as this process when left out. */
  openFiles?: number | undefined;
  /** Files that stand in the place of others for it alone, by what they replace. Needs root. */
  files?: Readonly<Record<string, string>> | undefined;
  /** What goes before it on the command line, and ends by becoming it. */
  prefix?: readonly string[];
}

/** One of the built programs, running as a process of its own. */
export class Program {
  private readonly child: ChildProcess;
  private written = '';

  constructor(
    entry: string,
    environment: Record<string, string>,
    { words = [], tree = process.cwd(), stdout = 'read', openFiles, files, prefix = [] }: ProgramOptions = {},
  ) {
    const env = { PATH: process.env.PATH ?? '', NODE_NO_WARNINGS: '1', ...environment };
    const program = [
      ...prefix,
      ...limitsOf(openFiles),
      ...mountsOf(files),
      process.execPath,
      `dist/apps/${entry}/src/main.js`,
      ...words,
    ];
    const [command, ...rest] = program as [string, ...string[]];
    this.child = spawn(command, rest, {
      env,
      cwd: tree,
      stdio: ['ignore', typeof stdout === 'number' ? stdout : 'pipe', 'pipe'],
    });
    running.add(this.child);
    this.child.once('exit', () => running.delete(this.child));
    if (stdout === 'read') this.readOn();
    this.child.stderr?.on('data', (chunk: Buffer) => (this.written += chunk.toString()));
  }

  /** Reads what it writes to standard output, from now on. */
  readOn(): void {
    this.child.stdout?.on('data', (chunk: Buffer) => (this.written += chunk.toString()));
  }

  /** Ends the reading of its standard output: what it writes fails from now on. */
  hangUp(): void {
    this.child.stdout?.destroy();
  }

  /** Everything it wrote so far, to both of its outputs. */
  get output(): string {
    return this.written;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** What it keeps in memory (resident set), in bytes, as the kernel counts it. */
  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  /** Waits until this address answers with success; fails at once when the program has ended, and ends it when it does not answer in time. */
  async answering(url: string): Promise<void> {
    let endedWith: string | undefined;
    this.child.once('exit', () => (endedWith = this.written));
    const { hostname, port } = new URL(url);
    await eventually(async () => {
      if (endedWith !== undefined) return;
      // A request that nobody takes costs much more, and there are many of them while a program starts.
      await connects(hostname, Number(port));
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url} answers ${response.status}`);
    }, START_MS).catch(async (error: unknown) => {
      await this.stop('SIGKILL');
      throw error;
    });
    if (endedWith !== undefined) throw new Error(`The program ended:\n${endedWith}`);
  }

  /** The exit code, once it has ended by itself. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }
}

async function connects(hostname: string, port: number): Promise<void> {
  const socket = connect(port, hostname.replace(/^\[|\]$/g, ''));
  await once(socket, 'connect').finally(() => socket.destroy());
}

const limitsOf = (openFiles: number | undefined) =>
  openFiles === undefined ? [] : ['prlimit', `--nofile=${openFiles}`];

function mountsOf(files: Readonly<Record<string, string>> | undefined): string[] {
  if (!files) return [];
  const mounts = Object.entries(files).map(([path, file]) => `mount --bind ${file} ${path} && `);
  return ['unshare', '--mount', 'sh', '-c', `${mounts.join('')}exec "$@"`, 'sh'];
}
