import { eventually } from '../support/eventually.js';
import { RoleEnvironment } from '../support/role-environment.js';
import { dataUri, noisePng, printRequest, keyHeader } from '../support/builders.js';
import { printPath } from '../support/fixtures.js';
import { Upload } from '../support/upload.js';

const LIMIT_BYTES = 1_000_000;
const MEMORY_BYTES = 4_000_000;
/** More than there are places to wait. */
const MANY = 300;

describe('the memory of bodies, shared by tenants and their users', () => {
  let env: RoleEnvironment;
  let hung: Upload[] = [];
  const large = JSON.stringify({ print: { front: [{ data: dataUri(noisePng(500, 500)) }] } });
  const small = JSON.stringify(printRequest());

  beforeAll(async () => {
    env = await RoleEnvironment.open({
      gateway: {
        BODY_LIMIT_BYTES: String(LIMIT_BYTES),
        BODY_MEMORY_BYTES: String(MEMORY_BYTES),
        BODY_MEMORY_WAIT_MS: '1000',
        BODY_IDLE_TIMEOUT_MS: '60000',
      },
    });
  });
  afterAll(() => env.close());
  afterEach(async () => {
    hung.forEach((upload) => upload.breakOff());
    hung = [];
    await eventually(async () => expect(await gauge('bytes')).toBe(0));
    expect(await gauge('waiting')).toBe(0);
  });

  const gauge = async (name: 'bytes' | 'waiting') => {
    const metrics = await env.env.gateway(0).metrics();
    return Number(new RegExp(`^print_gateway_body_memory_${name} (\\d+)`, 'm').exec(metrics)?.[1]);
  };

  async function begin(tenant: string, subject: string, bytes: number): Promise<Upload> {
    const token = await env.token({ tenant, subject }, ['administrator']);
    return Upload.begin(env.env.gatewayUrl, printPath(), {
      authorization: `Bearer ${token}`,
      'content-length': String(bytes),
      ...keyHeader(),
    });
  }

  /** Announces the longest body, sends two bytes of it, and no more. */
  async function hang(tenant: string, subject: string): Promise<void> {
    const upload = await begin(tenant, subject, LIMIT_BYTES);
    upload.send('{"');
    hung.push(upload);
  }

  const hangMany = (tenant: string, users: number, uploads: number) =>
    Promise.all(Array.from({ length: uploads }, (_, i) => hang(tenant, `user-${i % users}`)));

  async function print(tenant: string, subject: string, body: string): Promise<string> {
    const upload = await begin(tenant, subject, Buffer.byteLength(body));
    upload.send(body);
    return upload.outcome();
  }

  it.each([2, 20])('is not kept from another tenant by %i users whose uploads hang', async (users) => {
    await hangMany('evil', users, 40);
    const held = Math.min(users, 3) * LIMIT_BYTES;
    await eventually(async () => expect(await gauge('bytes')).toBe(held));
    expect(await print('honest', 'hana', large)).toBe('200');
    expect(await print('honest', 'hana', small)).toBe('200');
    expect(await gauge('bytes')).toBeLessThanOrEqual(MEMORY_BYTES);
  });

  it('is not kept from a colleague, nor from a third tenant: the slowest upload of who holds most is stopped', async () => {
    await hangMany('evil', 20, 3);
    await hangMany('worse', 20, 3);
    await eventually(async () => expect(await gauge('bytes')).toBe(MEMORY_BYTES));
    expect(await print('honest', 'hana', large)).toBe('200');
    expect(await print('evil', 'colleague', large)).toBe('200');
    expect(await Promise.race(hung.map((upload) => upload.outcome()))).toBe('503 overloaded');
  });

  it('is not kept from others by one user with more uploads than there are places to wait', async () => {
    const waiting = hangMany('evil', 1, MANY);
    await eventually(async () => expect(await gauge('waiting')).toBeGreaterThan(50));
    expect(await print('honest', 'hana', small)).toBe('200');
    expect(await print('evil', 'colleague', small)).toBe('200');
    await waiting;
  });
});
