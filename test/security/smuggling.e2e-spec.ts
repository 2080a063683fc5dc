import {
  ambiguousRequests,
  hiddenId,
  pipelined,
  type AmbiguousRequest,
} from '../support/ambiguous-requests.js';
import { eventually } from '../support/eventually.js';
import { TestEnvironment, UNCACHED, withoutQuotas } from '../support/test-environment.js';
import { Proxy } from '../support/proxies.js';
import { sendRaw, statusesOf } from '../support/raw-http.js';
import { fixtures } from '../support/fixtures.js';

interface Way {
  readonly port: number;
  stop(): Promise<void>;
}

/** RFC 9112 §11.2: what two readers could understand in two ways must not be understood at all. */
describe.each<[string, (gateway: { url: string; managementUrl: string }) => Promise<Way>]>([
  [
    'directly',
    ({ url }) => Promise.resolve({ port: Number(new URL(url).port), stop: () => Promise.resolve() }),
  ],
  ['behind HAProxy', (gateway) => Proxy.haproxy(gateway)],
  ['behind nginx', (gateway) => Proxy.nginx(gateway)],
])('an ambiguous request, %s', (where, open) => {
  let env: TestEnvironment;
  let way: Way;
  let token: string;
  beforeAll(async () => {
    env = await TestEnvironment.open({ gateway: UNCACHED, policy: withoutQuotas });
    token = await env.tokenOf('anna');
    way = await open(env.gateway(0));
    await eventually(async () => expect((await honest('ready')).status).toBe(200));
  });
  afterAll(async () => {
    await way.stop();
    await env.close();
  });

  const isBehindProxy = where !== 'directly';
  const honest = (id: string) =>
    fetch(`http://127.0.0.1:${way.port}${fixtures.counts}`, {
      headers: { authorization: `Bearer ${token}`, 'x-request-id': id },
    });

  it('would be found out: the second of two sound requests is seen', async () => {
    await sendRaw(way.port, pipelined(token).bytes);
    await eventually(() => expect(env.output).toContain(hiddenId('control')));
  });

  it('is one request to everybody who reads it, and what hides in it is never done', async () => {
    const attack = async ({ name, bytes }: AmbiguousRequest, index: number) => {
      const answer = await sendRaw(way.port, bytes);
      return { name, id: hiddenId(index), answer, statuses: statusesOf(answer) };
    };
    const answered = await Promise.all(ambiguousRequests(token).map(attack));
    const seen = answered.filter(({ answer, id }) => answer.includes(id) || env.output.includes(`"${id}"`));
    // A proxy may be more tolerant than the gateway, and read two requests of one caller; then it answers both to the caller.
    const smuggled = seen.filter(({ answer, id }) => !isBehindProxy || !answer.includes(id));
    expect(smuggled.map(({ name, statuses }) => [name, statuses])).toEqual([]);
    const twice = answered.filter(
      (each) => !seen.includes(each) && each.statuses.slice(1).some((status) => status < 400),
    );
    expect(twice.map(({ name }) => name)).toEqual([]);
  });

  it('leaves every other caller with the answer that is theirs', async () => {
    const ids = Array.from({ length: 30 }, (_each, index) => `honest-${index}`);
    const attacks = ambiguousRequests(token).map(({ bytes }) => sendRaw(way.port, bytes));
    const answers = ids.map(async (id) => {
      const response = await honest(id);
      return [
        id,
        response.status,
        response.headers.get('x-request-id'),
        Object.keys((await response.json()) as object),
      ];
    });
    expect(await Promise.all(answers)).toEqual(ids.map((id) => [id, 200, id, ['counts']]));
    await Promise.all(attacks);
  });
});
