import { TestEnvironment } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

const USERS = ['anna', 'olga', 'otto', 'sonja', 'oscar', 'sven'] as const;

describe('a status that is read by many in turn', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open()));
  afterAll(() => env.close());

  /** Every answer to each of them, once who may see every job has it in this process's memory. */
  const answers = async (id: string) => {
    await env.emulator.advance(120_000);
    const seen = new Map<string, Set<number>>(USERS.map((user) => [user, new Set()]));
    for (const user of [...USERS, ...USERS, ...USERS.toReversed()])
      seen.get(user)?.add((await env.as(user).get(statusPath(id))).status);
    return Object.fromEntries([...seen].map(([user, statuses]) => [user, [...statuses]]));
  };
  const printElsewhere = async (): Promise<string> => {
    const [authorization = ''] = await env.emulator.tokens();
    const headers = { authorization, 'content-type': 'application/json' };
    const body = JSON.stringify(printRequest());
    const answer = await fetch(env.emulator.url + printPath(), { method: 'POST', headers, body });
    return ((await answer.json()) as { printStatus: { id: string } }).printStatus.id;
  };
  const [seen, unseen] = [[200], [404]];

  it('is for the owner, the owner’s supervisor and who may see every job', async () => {
    const { body } = await env.as('olga').post(printPath(), printRequest());
    expect(await answers(body.printStatus.id as string)).toEqual({
      ...{ anna: seen, olga: seen, otto: unseen, sonja: seen, oscar: unseen, sven: unseen },
    });
  });

  it('is for who may see every job alone when it was not printed here', async () => {
    expect(await answers(await printElsewhere())).toEqual({
      ...{ anna: seen, olga: unseen, otto: unseen, sonja: unseen, oscar: unseen, sven: unseen },
    });
  });
});
