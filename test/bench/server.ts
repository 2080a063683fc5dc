import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';

/** The core of what is measured; everything else has the other one. */
const MEASURED_CORE = '1';
const LOADING_CORE = '0';
/** In what the kernel counts processor time (sysconf(_SC_CLK_TCK) on Linux). */
const TICK_MS = 10;
/** Who takes no more than one such tick in this time is at rest. */
const RESTING_MS = 100;

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export interface Command {
  readonly name: string;
  readonly words: readonly string[];
  readonly environment?: Record<string, string>;
  readonly port: number;
  /** What says `ready` when it is, with its shared state; without it, any answer will do. */
  readonly readyUrl?: string;
}

/** Keeps this process, and what it starts, away from the core that is measured. */
export function leaveMeasuredCore(): void {
  execFileSync('taskset', ['-acp', LOADING_CORE, String(process.pid)], { stdio: 'ignore' });
}

/** One server under test or beside it, a process of its own that is pinned to one core. */
export class BenchServer {
  readonly name: string;
  readonly port: number;

  private constructor(
    command: Command,
    private readonly child: ChildProcess,
    /** What it writes goes to a file, as under a service manager. */
    readonly logFile: string,
  ) {
    this.name = command.name;
    this.port = command.port;
  }

  static measured(command: Command, directory: string): Promise<BenchServer> {
    return BenchServer.start(command, directory, MEASURED_CORE);
  }

  static besides(command: Command, directory: string): Promise<BenchServer> {
    return BenchServer.start(command, directory, LOADING_CORE);
  }

  private static async start(command: Command, directory: string, core: string): Promise<BenchServer> {
    const logFile = join(directory, `${command.name.replaceAll(/\W+/g, '-')}.log`);
    const log = openSync(logFile, 'w');
    const child = spawn('taskset', ['-c', core, ...command.words], {
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', NODE_ENV: 'production', ...command.environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running.add(child);
    child.once('exit', () => running.delete(child));
    const server = new BenchServer(command, child, logFile);
    await server.answering(command.readyUrl);
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Processor time it took so far, user's and kernel's, in microseconds. */
  get cpuMicroseconds(): number {
    const afterName = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1] ?? '';
    const [userTicks, systemTicks] = afterName.split(' ').slice(11, 13).map(Number) as [number, number];
    return (userTicks + systemTicks) * TICK_MS * 1000;
  }

  /** Waits until it does next to nothing: what it has left to do would be done at the expense of who comes next. */
  async atRest(): Promise<void> {
    for (let before = -Infinity; this.cpuMicroseconds - before > TICK_MS * 1_000; await delay(RESTING_MS))
      before = this.cpuMicroseconds;
  }

  /** Resident memory, in bytes. */
  get residentBytes(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  /** How many files and connections it has open. */
  get descriptors(): number {
    return readdirSync(`/proc/${this.child.pid}/fd`).length;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }

  /** Waits until it answers at all; fails with what it wrote when it has ended. */
  private answering(readyUrl: string | undefined): Promise<void> {
    return eventually(async () => {
      if (this.child.exitCode !== null) throw new Error(readFileSync(this.logFile, 'utf8'));
      const response = await fetch(readyUrl ?? this.url, { signal: AbortSignal.timeout(1_000) });
      const text = await response.text();
      if (readyUrl && !text.includes('"status":"ready"')) throw new Error(`${this.name} says ${text}`);
    });
  }
}
