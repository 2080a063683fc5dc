import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIALS } from '../support/emulator.js';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { Program } from '../support/program.js';

interface Bom {
  components: { name: string; version: string; purl: string; hashes?: object[]; licenses?: object[] }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}
interface LockedPackage {
  version: string;
  dev?: boolean;
  devOptional?: boolean;
  hasInstallScript?: boolean;
}

/** With traces, on the Node that takes most; without them 150. */
const IDLE_BYTES = 170 * 2 ** 20;
const BUNDLE = 'dist/apps/gateway/src/main.js';
const text = (path: string) => readFileSync(path, 'utf8');
const json = (path: string) => JSON.parse(text(path)) as unknown;
const run = (program: string, ...words: string[]) => execFileSync(program, words, { encoding: 'utf8' });
const locked = (json('package-lock.json') as { packages: Record<string, LockedPackage> }).packages;

/** Read from the bundle itself: esbuild writes above each file where it came from. */
const inlined = (bundle: string) => [
  ...new Set(
    [...bundle.matchAll(/^\/\/ (.*node_modules\/(?:@[^/\n]+\/)?[^/\n]+)\//gm)].map(
      ([, folder]) => folder ?? '',
    ),
  ),
];
const nameOf = (folder: string) => folder.split('node_modules/').at(-1) ?? '';
const named = (folder: string) => `${nameOf(folder)}@${locked[folder]?.version}`;
const namesOf = ({ components }: Bom) =>
  components.map(({ purl }) => purl.replace('pkg:npm/', '').replace('%40', '@')).sort();
const sorted = (names: Iterable<string>) => [...new Set(names)].sort();

describe('the bundle of the gateway', () => {
  const folders = inlined(text(BUNDLE));

  it('contains no package for development, nor one that is there for another’s option', () => {
    expect(folders.length).toBeGreaterThan(80);
    expect(folders.filter((folder) => locked[folder]?.dev ?? locked[folder]?.devOptional)).toEqual([]);
  });

  it('has the licence notices of all that it contains beside it', () => {
    const notices = text('dist/apps/gateway/src/THIRD-PARTY-NOTICES.txt');
    const missing = folders.filter(
      (folder) => !notices.includes(`\n${nameOf(folder)} ${locked[folder]?.version} (`),
    );
    // The first in the file has no line above it.
    expect(missing.filter((folder) => !notices.startsWith(`${nameOf(folder)} `))).toEqual([]);
    expect(notices).toContain('Permission is hereby granted');
  });

  it('is not built when it would contain, or load, what is not there in production', () => {
    const script = `
      import { build } from 'esbuild';
      import { faultsOf } from './apps/gateway/bundle/inlined-packages.js';
      import { lockedPackages } from './apps/gateway/bundle/packages.js';
      const contents = "import 'koa'; import 'wabt'; import('eventsource'); import 'node:sqlite';";
      const { metafile } = await build({ stdin: { contents, resolveDir: '.' }, external: ['eventsource'],
        bundle: true, platform: 'node', format: 'esm', write: false, metafile: true, logLevel: 'silent' });
      console.log(faultsOf('main.js', Object.values(metafile.outputs)[0], lockedPackages(), []).join('\\n'));`;
    const faults = run(process.execPath, '--input-type=module', '-e', script);
    for (const name of ['koa', 'wabt'])
      expect(faults).toContain(`main.js contains ${name}, which is a package for development`);
    expect(faults).toContain('main.js loads eventsource, which is not there in production');
    expect(faults).not.toContain('sqlite');
  });
});

it('the bundles are ASCII, so that V8 keeps one byte for each character of them', () => {
  for (const app of ['gateway', 'policy', 'forget'])
    expect(Buffer.byteLength(text(`dist/apps/${app}/src/main.js`))).toBe(
      text(`dist/apps/${app}/src/main.js`).length,
    );
});

describe('what is installed', () => {
  it('runs no script of a package', () => {
    expect(run('npm', 'config', 'get', 'ignore-scripts').trim()).toBe('true');
    expect(text('Dockerfile')).toMatch(/COPY package.json package-lock.json .npmrc .*\nRUN npm ci\n/);
  });

  it('for production is listed in `npm run sbom` to the last package, with its hash and what it depends on', () => {
    const bom = JSON.parse(run('npm', 'run', '--silent', 'sbom')) as Bom;
    const lines = run('npm', 'ls', '--omit=dev', '--all', '--parseable', '--long')
      .trim()
      .split('\n')
      .slice(1);
    const installed = lines.map((line) => line.split(':')[1] ?? '');
    expect(namesOf(bom)).toEqual(sorted(installed));
    const missing = inlined(text(BUNDLE))
      .map(named)
      .filter((name) => !namesOf(bom).includes(name));
    expect(missing).toEqual([]);
    expect(bom.components.filter(({ hashes }) => !hashes?.length)).toEqual([]);
    const fastify = bom.dependencies.find(({ ref }) => ref.startsWith('pkg:npm/fastify@'));
    expect(fastify?.dependsOn.some((ref) => ref.startsWith('pkg:npm/find-my-way@'))).toBe(true);
  });
});

describe('the tree of the image', () => {
  const tree = mkdtempSync(join(tmpdir(), 'image-'));
  beforeAll(() => run(process.execPath, 'apps/gateway/bundle/write-image-tree.js', tree));
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  const installed = () =>
    readdirSync(join(tree, 'node_modules'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|node_modules\/)(@[^/]+\/)?[^/@]+\/package\.json$/.test(path))
      .map((path) => json(join(tree, 'node_modules', path)) as { name: string; version: string });

  it('has only the packages that are not in the bundle, and fits its own package.json', () => {
    const names = new Set(installed().map(({ name }) => name));
    for (const name of ['@opentelemetry/sdk-trace-node', 'pino-pretty', 'swagger-ui-dist'])
      expect(names).toContain(name);
    for (const name of ['fastify', '@nestjs/core', 'typescript', 'jest']) expect(names).not.toContain(name);
    execFileSync('npm', ['ls', '--all'], { cwd: tree });
  });

  it('contains a bill of materials of exactly what it contains', () => {
    const bom = JSON.parse(
      execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: tree, encoding: 'utf8' }),
    ) as Bom;
    const bundles = ['gateway', 'policy', 'doctor', 'forget', 'contract', 'stack'].map((app) =>
      text(join(tree, `dist/apps/${app}/src/main.js`)),
    );
    const inBundles = bundles.flatMap(inlined).map(named);
    const beside = installed().map(({ name, version }) => `${name}@${version}`);
    expect(namesOf(bom)).toEqual(sorted([...inBundles, ...beside]));
  });

  it('runs by itself within a heap of 128 MB and, idle, 170 MiB, shows its pages, sends traces, and tells where a line of its log comes from', async () => {
    let traces = 0;
    const collector = createServer((request, response) => {
      if (request.url === '/v1/traces') traces += 1;
      request.resume().on('end', () => response.end('{}'));
    }).listen(0, '127.0.0.1');
    collector.unref();
    await once(collector, 'listening');
    const [port, managementPort] = [await freePort(), await freePort()];
    const gateway = new Program(
      'gateway',
      {
        PORT: String(port),
        MANAGEMENT_PORT: String(managementPort),
        HOST: '127.0.0.1',
        POLICY_FILE: join(process.cwd(), 'config/policy.yaml'),
        IDAAS_BASE_URL: 'http://127.0.0.1:9',
        IDAAS_APPLICATION_ID: CREDENTIALS.applicationId,
        IDAAS_SHARED_SECRET: CREDENTIALS.sharedSecret,
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
        STOP_GRACE_MS: '0',
        NODE_OPTIONS: '--max-old-space-size=128',
      },
      { tree },
    );
    await gateway.answering(`http://127.0.0.1:${managementPort}/health/live`);
    await eventually(() => expect(gateway.residentBytes).toBeLessThan(IDLE_BYTES));
    for (const path of ['/docs', '/docs/swagger-ui-bundle.js', '/openapi.json'])
      expect([path, (await fetch(`http://127.0.0.1:${port}${path}`)).status]).toEqual([path, 200]);
    await fetch(`http://127.0.0.1:${port}/api/web/v1/printcounts`);
    await gateway.stop();
    await eventually(() => expect(traces).toBeGreaterThan(0));
    collector.close();
    const sources = execFileSync('npm', ['run', '--silent', 'stack'], { cwd: tree, input: gateway.output });
    expect(sources.toString()).toMatch(/at libs\/idaas\/src\/ready-connections\.ts:\d+:\d+/);
    expect(gateway.output).not.toContain('ready-connections.ts');
  });
});
