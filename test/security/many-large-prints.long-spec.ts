import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { dataUri, noisePng, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';
import { Upload } from '../support/upload.js';

const PRINTS = 64;
const MEMORY_BYTES = 512 * 2 ** 20;

describe('64 prints of 8 MB at once, in 512 MiB', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      // By these flags the process is told how large it may be, where no control group says so: the bodies get half of the heap's limit.
      gateway: {
        NODE_OPTIONS: '--max-old-space-size=224',
        IDAAS_PRINT_TIMEOUT_MS: '60000',
        LOG_LEVEL: 'info',
      },
      emulator: { EMULATOR_QUEUED_MS: '0', EMULATOR_CARD_MS: '0' },
      policy: withoutQuotas,
    });
  }, 60_000);
  afterAll(() => env.close());
  it('are each done once, or refused with 503, and the gateway lives', async () => {
    const side = 2_450;
    const body = { print: { front: [{ data: dataUri(noisePng(side, side)) }] } };
    const users = await Promise.all(['olga', 'sven'].map((name) => env.tokenOf(name)));
    let mostBytes = 0;
    const watch = setInterval(
      () => (mostBytes = Math.max(mostBytes, env.gateway(0).program.residentBytes)),
      20,
    );
    const text = Buffer.from(JSON.stringify(body));
    const statuses = await Promise.all(
      Array.from({ length: PRINTS }, async (_, i) => {
        const upload = await Upload.begin(env.gatewayUrl, printPath(), {
          authorization: `Bearer ${users[i % 2]}`,
          'content-length': String(text.length),
          ...keyHeader(),
        });
        upload.send(text);
        return Number((await upload.outcome()).slice(0, 3));
      }),
    );
    clearInterval(watch);
    const done = statuses.filter((status) => status === 200).length;
    process.stdout.write(
      `\n${done} of ${PRINTS} printed, at most ${Math.round(mostBytes / 2 ** 20)} MiB resident\n`,
    );
    expect(new Set(statuses)).toEqual(new Set(done === PRINTS ? [200] : [200, 503]));
    expect(await env.jobsUpstream()).toHaveLength(done);
    expect(mostBytes).toBeLessThan(MEMORY_BYTES);
    expect((await env.as('olga').get('/api/web/v1/printcounts')).status).toBe(200);
  }, 120_000);
});
