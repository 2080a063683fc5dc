import { House } from '../support/house.js';
import { printRequest, someKey } from '../support/some.js';
import { printPath, statusPath, the } from '../support/the.js';

/** Swift and .NET write UUIDs in upper case; RFC 9562 §4 reads both. */
describe('an id in upper case', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({ policy: (yaml) => yaml.replaceAll(the.printer, the.printer.toUpperCase()) });
  });
  afterAll(() => house.close());

  it('is the same key, the same job and the same printer of the policy', async () => {
    const key = someKey();
    const upper = printPath(the.printer.toUpperCase());
    const first = await house.as('otto').post(upper, printRequest(), key);
    const again = await house.as('otto').post(printPath(), printRequest(), key);
    const id = first.body.printStatus.id as string;
    expect([first.status, again.status, again.body.printStatus.id]).toEqual([200, 200, id]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await house.as('otto').get(statusPath(id.toUpperCase()))).status).toBe(200);
    const listed = await house.as('otto').get(`/api/gateway/v1/jobs?printerId=${the.printer.toUpperCase()}`);
    expect(listed.body.jobs).toEqual([expect.objectContaining({ printStatusId: id })]);
    expect((await house.as('otto').get(`${the.printers}/${the.printer.toUpperCase()}`)).status).toBe(200);
    expect((await house.as('otto').delete(statusPath(id.toUpperCase()))).status).toBe(204);
  });
});
