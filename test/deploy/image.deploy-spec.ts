import { execFile } from 'node:child_process';
import { mkdirSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CREDENTIALS } from '../support/emulator.js';
import { freePort } from '../support/free-port.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import { dataUri, noisePng, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';
import { Upload } from '../support/upload.js';
import { canContain, Container } from './container.js';
import { RuntimeTree } from './runtime-tree.js';

const MEMORY_BYTES = 512 * 2 ** 20;
const LARGE_PRINTS = 32;
const LARGE_SIDE = 2_450;
/** Where the files of the deployment are mounted. */
const MOUNTED = '/etc/print-gateway';

/** Of the demo, as it was built. */
interface Demo {
  readonly instructions: (operator: string, viewer: string) => string;
}
const DEMO_URL = 'http://localhost:3000';

/** A machine that may not make namespaces sees these tests left out. */
const describeContained = canContain() ? describe : describe.skip;

describeContained('the file tree of the image, as nobody, with a read-only root, in 512 MiB', () => {
  let tree: RuntimeTree;
  let env: TestEnvironment;
  let redis: RedisServer;
  let container: Container;
  let url: string;

  beforeAll(async () => {
    tree = new RuntimeTree();
    redis = await RedisServer.start();
    env = await TestEnvironment.open({ policy: withoutQuotas, emulator: { EMULATOR_QUEUED_MS: '3000' } });
    mkdirSync(join(tree.root, MOUNTED), { recursive: true });
    copyFileSync(env.policyFile, join(tree.root, MOUNTED, 'policy.yaml'));
    const [port, managementPort] = [await freePort(), await freePort()];
    url = `http://127.0.0.1:${port}`;
    container = new Container(tree, MEMORY_BYTES, {
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      POLICY_FILE: `${MOUNTED}/policy.yaml`,
      IDAAS_BASE_URL: env.emulator.url,
      IDAAS_APPLICATION_ID: CREDENTIALS.applicationId,
      IDAAS_SHARED_SECRET: CREDENTIALS.sharedSecret,
      REDIS_URL: redis.url,
    });
    await container.start(`http://127.0.0.1:${managementPort}/health/ready`);
  }, 300_000);
  afterAll(async () => {
    await Promise.all([container.stop(), env.close(), redis.stop()]);
    tree.remove();
  });

  it('runs without a right to anything', () => {
    expect(container.status('Uid').split('\t')).toEqual(['65532', '65532', '65532', '65532']);
    expect(container.status('Groups').trim()).toBe('');
    expect(container.status('CapEff')).toBe('0000000000000000');
    expect(container.status('NoNewPrivs')).toBe('1');
  });

  it('can write nowhere, and has no shell', () => {
    const write = (path: string) => ['/nodejs/bin/node', '-e', `fs.writeFileSync('${path}', '')`];
    for (const path of ['/app/x', '/x', '/tmp/x', '/etc/print-gateway/x'])
      expect(container.run(write(path)).output).toMatch(/EROFS|ENOENT|EACCES/);
    expect(container.run(['/bin/sh', '-c', 'true']).status).not.toBe(0);
  });

  it('is found healthy by its own check, which looks at the port of the setting’s default', () => {
    expect(tree.healthcheck[0]).toBe('/nodejs/bin/node');
    expect(tree.healthcheck.at(-1)).toContain('/health/live');
  });

  it('answers the lines of the demo', async () => {
    const [operator, viewer] = [await env.tokenOf('olga'), await env.tokenOf('victor')];
    const { instructions } = (await import(`${process.cwd()}/dist/apps/demo/src/instructions.js`)) as Demo;
    const lines = instructions(operator, viewer).replaceAll(DEMO_URL, url);
    // As in a terminal, both outputs are something that can be opened by name.
    const both = `{ ${lines}\n} 2>&1 | cat`;
    const { stdout: output } = await promisify(execFile)('sh', ['-c', both], { timeout: 80_000 });
    expect(output.match(/HTTP\/1.1 (\d+)/g)).toEqual(['HTTP/1.1 204', 'HTTP/1.1 403']);
    expect(output).toContain('"counts"');
    expect(await env.emulator.jobs()).toHaveLength(2);
  }, 90_000);

  it('carries the commands that operators are told to run in it', () => {
    const check = container.run([
      '/nodejs/bin/node',
      'dist/apps/policy/src/main.js',
      'check',
      `${MOUNTED}/policy.yaml`,
    ]);
    expect(check).toMatchObject({ status: 0 });
  });

  it('lives through more large prints at once than fit into its memory', async () => {
    const body = Buffer.from(
      JSON.stringify({ print: { front: [{ data: dataUri(noisePng(LARGE_SIDE, LARGE_SIDE)) }] } }),
    );
    const tokens = await Promise.all(['olga', 'sven'].map((name) => env.tokenOf(name)));
    const before = (await env.emulator.jobs()).length;
    const statuses = await Promise.all(
      Array.from({ length: LARGE_PRINTS }, async (_, index) => {
        const upload = await Upload.begin(url, printPath(), {
          authorization: `Bearer ${tokens[index % 2]}`,
          'content-length': String(body.length),
          ...keyHeader(),
        });
        upload.send(body);
        return Number((await upload.outcome()).slice(0, 3));
      }),
    );
    const done = statuses.filter((status) => status === 200).length;
    expect(done).toBeGreaterThan(0);
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect((await env.emulator.jobs()).length - before).toBe(done);
    expect(container.isRunning).toBe(true);
    process.stdout.write(
      `\n${done} of ${LARGE_PRINTS} printed; at most ${Math.round(container.mostBytes / 2 ** 20)} MiB\n`,
    );
  }, 120_000);

  it('stops when it is told to', async () => {
    expect(await container.stop()).toBe(0);
  }, 90_000);
});
