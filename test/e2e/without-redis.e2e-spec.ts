import { randomUUID } from 'node:crypto';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

const ROOM = 100;

describe('a gateway without Redis', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    const gateway = { MEMORY_STORE_ENTRIES: String(ROOM) };
    env = await TestEnvironment.open({ policy: withoutQuotas, gateway });
    await env.emulator.noLists();
  });
  afterAll(() => env.close());

  const print = (key: string, who = 'olga') => env.as(who).post(printPath(), printRequest(), keyHeader(key));

  it('forgets neither a key nor an owner, however much others print and read, and prints nothing more when it is full', async () => {
    await env.emulator.fault({ operation: 'print', kind: 'reset-after', count: 1 });
    const [lost, done] = [randomUUID(), randomUUID()];
    expect((await print(lost)).status).toBe(504);
    const { id } = (await print(done)).body.printStatus as { id: string };
    const others = await Promise.all(Array.from({ length: 2 * ROOM }, () => print(randomUUID(), 'otto')));
    const jobs = others.filter(({ status }) => status === 200).map(({ body }) => String(body.printStatus.id));
    // On a busy machine the turn of the printer does not come in time for some.
    const refused = others.find(({ body }) => body.type !== '/problems/printer-busy' && !body.printStatus);
    expect(jobs.length).toBeLessThan(ROOM);
    expect(refused?.status).toBe(503);
    expect(refused?.body).toMatchObject({ type: '/problems/state-full' });
    expect(refused?.headers['retry-after']).toBe('60');
    expect((await env.as('otto').post(printPath(), printRequest())).status).toBe(503);
    await Promise.all(jobs.map((job) => env.as('otto').get(statusPath(job))));
    expect((await print(lost)).body).toMatchObject({ type: '/problems/outcome-still-unknown' });
    expect((await print(done)).headers['idempotency-replayed']).toBe('true');
    expect((await env.as('olga').get(statusPath(id))).status).toBe(200);
    expect((await env.as('otto').get(statusPath(id))).status).toBe(404);
    expect(await env.emulator.callsOf('print')).toBe(2 + jobs.length);
  });
});
