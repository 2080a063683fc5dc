import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { base64, png, printRequest } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';

const POLICY = `issuers:
  - { issuer: 'https://id.example', audience: print-gateway, publicKeyFile: id.pem, algorithms: [RS256], claims: { roles: roles } }
roles:
  operator: { permissions: [ISSUANCE:ADD], jobs: own, printers: '*', features: [print] }
`;

/** Opens a gateway for each of these settings, one after the other in one process, and asks each of them the same, the first one last. */
const SCRIPT = `
  import { loadConfig } from './dist/libs/config/src/index.js';
  import { createGateway } from './dist/apps/gateway/src/create-gateway.js';
  import { SETTINGS } from './dist/apps/gateway/src/settings.js';
  const { settings, path, headers, body } = JSON.parse(process.env.ASKED);
  const gateways = [];
  for (const each of settings) {
    const app = await createGateway(loadConfig(SETTINGS, { ...process.env, ...each }));
    await app.listen(0, '127.0.0.1');
    gateways.unshift(app);
  }
  const answers = [];
  for (const app of gateways) {
    const answer = await fetch(await app.getUrl() + path, { method: 'POST', headers, body });
    answers.unshift(await answer.json());
  }
  console.error(JSON.stringify(answers));
  process.exit();`;

describe('two gateways in one process', () => {
  const directory = mkdtempSync(join(tmpdir(), 'two-gateways-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('hold an image each to their own bounds, whichever was opened last', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(join(directory, 'id.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(join(directory, 'policy.yaml'), POLICY);
    const token = await new SignJWT({ roles: ['operator'] })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer('https://id.example')
      .setAudience('print-gateway')
      .setSubject('tess')
      .setExpirationTime('10m')
      .sign(privateKey);
    const asked = {
      settings: [{}, { IMAGE_MAX_SIDE_PIXELS: '3' }, { IMAGE_MIN_SIDE_PIXELS: '5' }],
      path: printPath(),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(printRequest({ print: { front: [{ data: base64(png(4, 4)) }] } })),
    };
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        MANAGEMENT_PORT: '0',
        LOG_LEVEL: 'silent',
        POLICY_FILE: join(directory, 'policy.yaml'),
        IDAAS_BASE_URL: 'http://127.0.0.1:9',
        IDAAS_APPLICATION_ID: 'application',
        IDAAS_SHARED_SECRET: 'secret',
        ASKED: JSON.stringify(asked),
      },
    });
    const answers = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as {
      status: number;
      violations?: unknown;
    }[];
    const refusedFor = (message: string) => ({
      status: 400,
      violations: [{ path: 'print.front[0].data', message }],
    });
    // The upstream is away: the first one has nothing against the image.
    expect(answers).toMatchObject([
      { status: 502 },
      refusedFor('data must be at most 3 pixels wide and high'),
      refusedFor('data must be at least 5 pixels wide and high'),
    ]);
  });
});
