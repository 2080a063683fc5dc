import { TestEnvironment } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

/** Swift and .NET write UUIDs in upper case; RFC 9562 §4 reads both. */
describe('an id in upper case', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      policy: (yaml) => yaml.replaceAll(fixtures.printer, fixtures.printer.toUpperCase()),
    });
  });
  afterAll(() => env.close());

  it('is the same key, the same job and the same printer of the policy', async () => {
    const key = keyHeader();
    const upper = printPath(fixtures.printer.toUpperCase());
    const first = await env.as('otto').post(upper, printRequest(), key);
    const again = await env.as('otto').post(printPath(), printRequest(), key);
    const id = first.body.printStatus.id as string;
    expect([first.status, again.status, again.body.printStatus.id]).toEqual([200, 200, id]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect((await env.as('otto').get(statusPath(id.toUpperCase()))).status).toBe(200);
    const listed = await env
      .as('otto')
      .get(`/api/gateway/v1/jobs?printerId=${fixtures.printer.toUpperCase()}`);
    expect(listed.body.jobs).toEqual([expect.objectContaining({ printStatusId: id })]);
    expect((await env.as('otto').get(`${fixtures.printers}/${fixtures.printer.toUpperCase()}`)).status).toBe(
      200,
    );
    expect((await env.as('otto').delete(statusPath(id.toUpperCase()))).status).toBe(204);
  });
});
