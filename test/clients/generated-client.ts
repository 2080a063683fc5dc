import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { apiKeyDocument } from './api-key-document.js';

/** Inside the project, where the tests may load it from. */
const DIRECTORY = resolve('node_modules', '.cache', 'generated-clients');
const DOCUMENT = 'document.json';
/** Two of them need a newer Node than the gateway, which comes as a package of its platform: scripts of packages do not run here. */
const NODE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const PACKAGES = [
  'oazapfts@7.5.0',
  'openapi-fetch@0.17.0',
  '@hey-api/openapi-ts@0.99.0',
  'orval@8.38.0',
  'typescript@5.9',
  `${NODE}@24`,
];

/** Has the generators fetched, once for all of them. */
export function installGenerators(): void {
  rmSync(DIRECTORY, { recursive: true, force: true });
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(join(DIRECTORY, 'package.json'), '{ "private": true, "type": "module" }');
  writeFileSync(join(DIRECTORY, DOCUMENT), apiKeyDocument());
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES]);
}

export function removeGenerators(): void {
  rmSync(DIRECTORY, { recursive: true, force: true });
}

/** What a generator makes of the document, as it is documented. */
export const GENERATE: Readonly<Record<string, (baseUrl: string) => void>> = {
  oazapfts: () => run(bin('oazapfts'), [DOCUMENT, 'oazapfts.ts']),
  '@hey-api/openapi-ts': () => {
    run(bin('openapi-ts'), ['-i', DOCUMENT, '-o', 'hey-api']);
    write(
      'hey-api.ts',
      `export * from './hey-api/sdk.gen';\nexport { client } from './hey-api/client.gen';\n`,
    );
  },
  // It reads the types of a document when it is compiled, and nothing when it runs.
  'openapi-fetch': () =>
    write('openapi-fetch.ts', `export { default as createClient } from 'openapi-fetch';\n`),
  orval: (baseUrl) => {
    const output = { target: 'orval.ts', client: 'fetch', baseUrl };
    write('orval.config.mjs', `export default ${JSON.stringify({ api: { input: DOCUMENT, output } })};\n`);
    run(bin('orval'), ['--config', 'orval.config.mjs']);
  },
};

/** The generated module, in one file with all that it needs. */
export async function load<T>(name: string): Promise<T> {
  const outfile = join(DIRECTORY, `${name}.mjs`);
  const entryPoints = [join(DIRECTORY, `${name}.ts`)];
  await build({ entryPoints, outfile, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
  return (await import(outfile)) as T;
}

function write(file: string, text: string): void {
  writeFileSync(join(DIRECTORY, file), text);
}

function bin(name: string): string {
  return join(DIRECTORY, 'node_modules', '.bin', name);
}

function run(command: string, words: readonly string[]): void {
  const path = [join(DIRECTORY, 'node_modules', NODE, 'bin'), dirname(process.execPath), process.env.PATH];
  const env = { ...process.env, NODE_OPTIONS: '', PATH: path.join(delimiter) };
  execFileSync(command, [...words], { cwd: DIRECTORY, env, stdio: 'pipe' });
}
