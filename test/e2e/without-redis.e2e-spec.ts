import { randomUUID } from 'node:crypto';
import { House, withoutQuotas } from '../support/house.js';
import { printRequest, someKey } from '../support/some.js';
import { printPath, statusPath } from '../support/the.js';

const ROOM = 100;

describe('a gateway without Redis', () => {
  let house: House;
  beforeAll(async () => {
    const gateway = { MEMORY_STORE_ENTRIES: String(ROOM) };
    house = await House.open({ policy: withoutQuotas, gateway });
    await house.emulator.noLists();
  });
  afterAll(() => house.close());

  const print = (key: string, who = 'olga') => house.as(who).post(printPath(), printRequest(), someKey(key));

  it('forgets neither a key nor an owner, however much others print and read, and prints nothing more when it is full', async () => {
    await house.emulator.fault({ operation: 'print', kind: 'reset-after', count: 1 });
    const [lost, done] = [randomUUID(), randomUUID()];
    expect((await print(lost)).status).toBe(504);
    const { id } = (await print(done)).body.printStatus as { id: string };
    const others = await Promise.all(Array.from({ length: 2 * ROOM }, () => print(randomUUID(), 'otto')));
    const jobs = others.filter(({ status }) => status === 200).map(({ body }) => String(body.printStatus.id));
    const refused = others.find(({ status }) => status !== 200);
    expect(jobs.length).toBeLessThan(ROOM);
    expect(refused?.status).toBe(503);
    expect(refused?.body).toMatchObject({ type: '/problems/state-full' });
    expect(refused?.headers['retry-after']).toBe('60');
    expect((await house.as('otto').post(printPath(), printRequest())).status).toBe(503);
    await Promise.all(jobs.map((job) => house.as('otto').get(statusPath(job))));
    expect((await print(lost)).body).toMatchObject({ type: '/problems/outcome-still-unknown' });
    expect((await print(done)).headers['idempotency-replayed']).toBe('true');
    expect((await house.as('olga').get(statusPath(id))).status).toBe(200);
    expect((await house.as('otto').get(statusPath(id))).status).toBe(404);
    expect(await house.emulator.callsOf('print')).toBe(2 + jobs.length);
  });
});
