import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { NOBODY, type RuntimeTree } from './runtime-tree.js';

const GROUPS = '/sys/fs/cgroup';
/** By the version of control groups that this machine has: where they are, and how a limit is set and what was used is read. */
const VERSIONS = {
  1: { folder: join(GROUPS, 'memory'), limit: 'memory.limit_in_bytes', most: 'memory.max_usage_in_bytes' },
  2: { folder: GROUPS, limit: 'memory.max', most: 'memory.peak' },
};

/** A tree that runs as a container does: its root cannot be written, its user is nobody, its memory is limited. Needs root. */
export class Container {
  private readonly version = VERSIONS[existsSync(VERSIONS[1].folder) ? 1 : 2];
  private readonly group: string;
  private child: ChildProcess | undefined;
  output = '';

  constructor(
    private readonly tree: RuntimeTree,
    memoryBytes: number,
    private readonly environment: Record<string, string>,
  ) {
    this.group = join(this.version.folder, `print-gateway-${process.pid}`);
    mkdirSync(this.group);
    writeFileSync(join(this.group, this.version.limit), String(memoryBytes));
  }

  /** Starts what the image starts, and waits until this address answers. */
  async start(url: string): Promise<void> {
    const [command = '', ...words] = this.wordsOf(this.tree.command);
    this.child = spawn(command, words, { env: this.env });
    const child = this.child;
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    await eventually(async () => {
      if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${this.output}`);
      const { ok } = await fetch(url);
      if (!ok) throw new Error(this.output);
    }, 60_000);
  }

  /** Runs something else in it, and tells how it ended and what it wrote. */
  run(words: readonly string[]): { status: number | null; output: string } {
    const [command = '', ...rest] = this.wordsOf(words);
    const { status, stdout, stderr } = spawnSync(command, rest, { env: this.env, encoding: 'utf8' });
    return { status, output: stdout + stderr };
  }

  get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** A line of what the kernel says of its process. */
  status(name: string): string {
    return (
      new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(
        readFileSync(`/proc/${this.child?.pid}/status`, 'utf8'),
      )?.[1] ?? ''
    );
  }

  get mostBytes(): number {
    return Number(readFileSync(join(this.group, this.version.most), 'utf8'));
  }

  async stop(): Promise<number | null> {
    if (this.child && this.isRunning) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      await exit;
    }
    if (existsSync(this.group)) await eventually(() => rmdirSync(this.group));
    return this.child?.exitCode ?? null;
  }

  private get env(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, ...this.tree.environment, ...this.environment };
  }

  /** Each step is done by what replaces the shell in the end, so that a signal meets the program itself. */
  private wordsOf(words: readonly string[]): string[] {
    const { root, workdir } = this.tree;
    const script = [
      `echo $$ > ${join(this.group, 'cgroup.procs')}`,
      `mount --bind ${root} ${root}`,
      `mount --rbind ${GROUPS} ${root}${GROUPS}`,
      `mount -t proc -o ro proc ${root}/proc`,
      `mount -o remount,bind,ro ${root}`,
      `exec setpriv --clear-groups --no-new-privs unshare --root=${root} --wd=${workdir} --setgid=${NOBODY} --setuid=${NOBODY} "$@"`,
    ].join(' && ');
    return ['unshare', '--mount', 'sh', '-c', script, 'sh', ...words];
  }
}

/** Whether this machine lets a test do so. */
export const canContain = () =>
  process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;
