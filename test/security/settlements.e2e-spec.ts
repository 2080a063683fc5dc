import type { Fault } from '../support/emulator.js';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { RedisServer } from '../support/redis.js';
import type { Answer } from '../support/requests.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath } from '../support/fixtures.js';

const UNKNOWN = '/api/gateway/v1/unknown-prints';

interface UnknownPrint {
  readonly id: string;
  readonly submitter: { readonly subject: string };
}

/** A job came of one submission, however many people settle at the same moment, on whichever gateway. */
describe('unknown prints that are settled at the same moment', () => {
  let redis: RedisServer;
  let env: TestEnvironment;
  beforeAll(async () => {
    redis = await RedisServer.start();
    env = await TestEnvironment.open({
      gateways: 2,
      gateway: { REDIS_URL: redis.url },
      policy: withoutQuotas,
    });
    await Promise.all(['anna', 'olga', 'otto'].map((who) => env.tokenOf(who)));
  });
  afterAll(async () => {
    await env.close();
    await redis.stop();
  });
  beforeEach(async () => {
    await env.emulator.reset();
    await env.emulator.noLists();
  });
  afterEach(async () => void (await redis.command('FLUSHALL')));

  const lose = async (who: string, kind: Fault['kind']): Promise<string> => {
    await env.emulator.fault({ operation: 'print', kind, count: 1 });
    expect((await env.as(who).post(printPath(), printRequest(), keyHeader())).status).toBe(504);
    const [newest] = (await env.as('anna').get(UNKNOWN)).body as UnknownPrint[];
    expect(newest?.submitter.subject).toBe(who);
    return newest?.id ?? '';
  };
  const settle = (id: string, settlement: object, gateway: number) =>
    env.as('anna', gateway).post(`${UNKNOWN}/${id}`, settlement);
  const printed = (id: string, job: string, gateway: number) =>
    settle(id, { outcome: 'printed', printStatusId: job }, gateway);
  const statusesOf = (responses: readonly Answer[]) => responses.map(({ status }) => status).sort();
  const isSeenBy = async (who: string, job: string) =>
    (await env.as(who, 1).get(statusPath(job))).status === 200;

  it('with one job: one of them has it, and its submitter alone sees it, twelve times out of twelve', async () => {
    for (let round = 0; round < 12; round += 1) {
      const first = await lose('olga', 'reset-after');
      const second = await lose('otto', 'reset-before');
      const job = (await env.jobsUpstream()).at(-1) as string;
      const answers = await Promise.all([printed(first, job, 0), printed(second, job, 1)]);
      expect(statusesOf(answers)).toEqual([204, 400]);
      const winner = answers[0].status === 204 ? 'olga' : 'otto';
      for (const who of ['olga', 'otto']) expect(await isSeenBy(who, job)).toBe(who === winner);
      const left = (await env.as('anna').get(UNKNOWN)).body as UnknownPrint[];
      expect(left.map(({ submitter }) => submitter.subject)).toEqual([winner === 'olga' ? 'otto' : 'olga']);
      await settle(left[0]?.id ?? '', { outcome: 'not-printed' }, 0);
    }
  });

  it('one of them with two jobs: the job that it did not become stays nobody’s', async () => {
    for (let round = 0; round < 6; round += 1) {
      const id = await lose('olga', 'reset-after');
      const other = await lose('otto', 'reset-after');
      const [one, two] = (await env.jobsUpstream()).slice(-2) as [string, string];
      const answers = await Promise.all([printed(id, one, 0), printed(id, two, 1)]);
      expect([
        [204, 404],
        [204, 409],
      ]).toContainEqual(statusesOf(answers));
      const left = answers[0].status === 204 ? two : one;
      expect((await printed(other, left, round % 2)).status).toBe(204);
      expect(await isSeenBy('otto', left)).toBe(true);
    }
  });

  it('as this and as that: the job is nobody’s where it was not printed', async () => {
    for (let round = 0; round < 6; round += 1) {
      const id = await lose('olga', 'reset-after');
      const job = (await env.jobsUpstream()).at(-1) as string;
      const answers = await Promise.all([printed(id, job, 0), settle(id, { outcome: 'not-printed' }, 1)]);
      expect([
        [204, 404],
        [204, 409],
      ]).toContainEqual(statusesOf(answers));
      expect(await redis.command(`EXISTS print-gateway:{${job}}:job`)).toBe(
        answers[0].status === 204 ? '1' : '0',
      );
    }
  });

  it('are settled by the same word once more when the gateway died in between, or its answer was lost', async () => {
    const id = await lose('olga', 'reset-after');
    const job = (await env.jobsUpstream()).at(-1) as string;
    const claim = await redis.command(`GET print-gateway:{${id}}:claim`);
    expect((await printed(id, job, 0)).status).toBe(204);
    expect((await printed(id, job, 1)).status).toBe(204);
    // As if the gateway had died after the job was noted, and before the key was completed.
    await redis.command(`SET print-gateway:{${id}}:claim ${claim.replaceAll(' ', '')}`);
    expect((await printed(id, job, 1)).status).toBe(204);
    const other = await lose('otto', 'reset-before');
    expect((await printed(other, job, 0)).status).toBe(400);
  });
});
