import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { listIn, stagesOf, type Instruction, type Stage } from './dockerfile.js';

/** What the base of the runtime stage runs as, and where its Node stands; `docker inspect` says so of the image. */
export const NOBODY = 65532;
const NODE = '/nodejs/bin/node';
const NODE_MAJOR = 24;
/** Done beforehand by whoever runs the tests: what is installed is taken as it is. */
const INSTALL = 'npm ci';
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** The file tree of the stage that ships, made from the Dockerfile as an engine would, on a Node of the image's major and the libraries that it needs. */
export class RuntimeTree {
  readonly root = mkdtempSync(join(tmpdir(), 'print-gateway-image-'));
  readonly environment: Record<string, string> = {};
  workdir = '/';
  command: string[] = [];
  healthcheck: string[] = [];
  private readonly stages = stagesOf('Dockerfile');
  private readonly trees = new Map<string, string>();

  constructor() {
    // Others than who made it are to come in.
    chmodSync(this.root, 0o755);
    this.layBase();
    for (const instruction of this.stage('gateway').instructions) this.run(instruction);
  }

  remove(): void {
    for (const tree of [this.root, ...this.trees.values()]) rmSync(tree, { recursive: true, force: true });
  }

  private stage(name: string): Stage {
    const stage = this.stages.get(name);
    if (!stage) throw new Error(`the Dockerfile has no stage ${name}`);
    return stage;
  }

  private run({ name, words }: Instruction): void {
    if (name === 'WORKDIR') this.workdir = words;
    else if (name === 'ENV') Object.assign(this.environment, Object.fromEntries([words.split('=')]));
    else if (name === 'COPY') this.copy(words);
    else if (name === 'CMD') this.command = [NODE, ...listIn(words)];
    else if (name === 'HEALTHCHECK') this.healthcheck = listIn(words);
    else if (!['ARG', 'LABEL', 'EXPOSE'].includes(name)) throw new Error(`not known here: ${name} ${words}`);
  }

  private copy(words: string): void {
    const [, stage = '', from = '', to = ''] = /^--from=(\S+) (\S+) (\S+)$/.exec(words) ?? [];
    cpSync(join(this.built(stage), from), join(this.root, this.workdir, to), { recursive: true });
  }

  /** Where a stage that builds was built. */
  private built(name: string): string {
    const known = this.trees.get(name);
    if (known) return known;
    const tree = mkdtempSync(join(tmpdir(), 'print-gateway-build-'));
    this.trees.set(name, tree);
    let directory = tree;
    for (const { name: instruction, words } of this.stage(name).instructions) {
      if (instruction === 'WORKDIR') mkdirSync((directory = join(tree, words)), { recursive: true });
      else if (instruction === 'COPY') copyFromHere(words.split(' '), directory);
      else if (words === INSTALL)
        execFileSync('cp', ['-al', 'node_modules', join(directory, 'node_modules')]);
      else if (instruction === 'RUN') execFileSync('sh', ['-c', words], { cwd: directory, stdio: 'ignore' });
      else throw new Error(`not known here: ${instruction} ${words}`);
    }
    return tree;
  }

  /** Node and the libraries that it is linked with, root certificates, and nothing else: no shell. */
  private layBase(): void {
    const node = nodeOf(NODE_MAJOR);
    const linked = execFileSync('ldd', [node], { encoding: 'utf8' }).matchAll(/(\/\S+) \(0x/g);
    for (const [, library = ''] of linked) this.place(library, library);
    this.place(node, NODE);
    if (existsSync(CERTIFICATES)) this.place(CERTIFICATES, CERTIFICATES);
    for (const folder of ['proc', 'sys/fs/cgroup', 'dev', 'etc/print-gateway'])
      mkdirSync(join(this.root, folder), { recursive: true });
    // An engine mounts one.
    writeFileSync(join(this.root, 'etc/hosts'), '127.0.0.1 localhost\n');
    writeFileSync(
      join(this.root, 'etc/passwd'),
      `nonroot:x:${NOBODY}:${NOBODY}::/home/nonroot:/sbin/nologin\n`,
    );
  }

  private place(from: string, to: string): void {
    const target = join(this.root, to);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(from, target, { dereference: true });
  }
}

function copyFromHere(words: readonly string[], directory: string): void {
  const to = words.at(-1) ?? '';
  for (const from of words.slice(0, -1))
    cpSync(
      from,
      to === './' || !statSync(from).isDirectory()
        ? join(directory, to, basename(from))
        : join(directory, to),
      {
        recursive: true,
      },
    );
}

/** Comes as an npm package of its platform. */
function nodeOf(major: number): string {
  const words = [
    'exec',
    '--yes',
    `--package=node-linux-${process.arch}@${major}`,
    '--',
    'node',
    '-p',
    'process.execPath',
  ];
  return execFileSync('npm', words, { encoding: 'utf8' }).trim();
}
