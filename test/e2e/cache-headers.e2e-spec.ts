import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

describe('the headers of a cached read', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    const short = { COUNTS_FRESH_MS: '300', COUNTS_STALE_MS: '600', COUNTS_STALE_ON_ERROR_MS: '60000' };
    const gateway = { ...short, CACHE_REVALIDATE_AFTER_MS: '300', IDAAS_READ_ATTEMPTS: '1' };
    env = await TestEnvironment.open({ gateway });
  });
  afterAll(() => env.close());

  const completed = async (): Promise<string> => {
    const { body } = await env.as('olga').post(printPath(), printRequest());
    await env.emulator.advance(120_000);
    return statusPath(body.printStatus.id as string);
  };

  it('say where it came from, how old it is and how long it may be kept', async () => {
    const path = await completed();
    const first = await env.as('olga').get(path);
    expect(first.headers).toMatchObject({
      etag: expect.stringMatching(/^"[\w-]{27}"$/),
      age: '0',
      'cache-control': 'private, no-cache',
      'cache-status': expect.stringMatching(/^print-gateway; fwd=miss; ttl=86(400|399)$/),
    });
    const second = await env.as('sonja').get(path);
    expect(second.headers['cache-status']).toMatch(/^print-gateway; hit; ttl=863\d\d$/);
    expect(second.headers.etag).toBe(first.headers.etag);
    expect(second.text).toBe(first.text);
  });

  it('let a caller who has it already go with 304', async () => {
    const path = await completed();
    const { etag } = (await env.as('olga').get(path)).headers as { etag: string };
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await env.as('olga').get(path, { 'if-none-match': tag });
      expect(response.status).toBe(304);
      expect(response.text).toBe('');
      expect(response.headers.etag).toBe(etag);
    }
    expect((await env.as('olga').get(path, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('are not sent to who may not see it', async () => {
    const path = await completed();
    await env.as('olga').get(path);
    const response = await env.as('nobody').get(path);
    expect(response.status).toBe(403);
    expect(response.headers.etag).toBeUndefined();
  });

  it('follow no-cache once per key and while', async () => {
    const path = await completed();
    await env.as('olga').get(path);
    const before = await env.emulator.callsOf('getPrintStatus');
    const noCache = () => env.as('olga').get(path, { 'cache-control': 'no-cache' });
    await eventually(async () => expect((await noCache()).headers['cache-status']).toContain('fwd=request'));
    expect((await noCache()).headers['cache-status']).toContain('hit');
    expect(await env.emulator.callsOf('getPrintStatus')).toBe(before + 1);
  });

  describe('If-Match', () => {
    const queued = async () => {
      const { body } = await env.as('olga').post(printPath(), printRequest());
      return statusPath(body.printStatus.id as string);
    };
    const etagOf = async (path: string) => (await env.as('olga').get(path)).headers.etag as string;
    const commands = { smartcard: { commands: [] } };

    it('keeps a cancel and an update from being done for another state (RFC 9110 §13.1.1)', async () => {
      const path = await queued();
      const etag = await etagOf(path);
      const calls = () =>
        Promise.all(['cancelPrint', 'updatePrint'].map((name) => env.emulator.callsOf(name)));
      const before = await calls();
      for (const tag of ['"other"', `W/${etag}`, `"other", "another"`]) {
        const headers = { 'if-match': tag };
        const refused = [
          await env.as('olga').delete(path, headers),
          await env.as('olga').patch(path, commands, headers),
          await env.as('olga').get(path, headers),
        ];
        expect(refused.map(({ status }) => status)).toEqual([412, 412, 412]);
        expect(refused[0]?.body).toMatchObject({ type: '/problems/precondition-failed', target: 'If-Match' });
      }
      expect(await calls()).toEqual(before);
      expect((await env.as('olga').delete(path, { 'if-match': `"other", ${etag}` })).status).toBe(204);
      expect((await env.as('olga').delete(await queued(), { 'if-match': '*' })).status).toBe(204);
    });

    it('goes by the state that the upstream has now, not by a copy', async () => {
      const path = await queued();
      const etag = await etagOf(path);
      await env.emulator.advance(120_000);
      expect((await env.as('olga').delete(path, { 'if-match': etag })).status).toBe(412);
    });

    it('lets nothing be done while the upstream does not say the state, though a copy is there', async () => {
      const path = await queued();
      const etag = await etagOf(path);
      const before = await env.emulator.callsOf('cancelPrint');
      await env.emulator.fault({ operation: 'getPrintStatus', kind: 'status', status: 503, count: 3 });
      const refused = await env.as('olga').delete(path, { 'if-match': etag });
      expect([refused.status, await env.emulator.callsOf('cancelPrint')]).toEqual([502, before]);
      await env.emulator.noFaults();
    });

    it('lets a read pass that has the state', async () => {
      const path = await completed();
      const headers = { 'if-match': await etagOf(path) };
      expect((await env.as('olga').get(path, headers)).status).toBe(200);
      expect((await env.as('olga').get(fixtures.counts, headers)).status).toBe(412);
    });

    it('does not keep the answer to an update from being replayed, which has changed the state itself', async () => {
      const path = await queued();
      const headers = { 'if-match': await etagOf(path), 'idempotency-key': 'update-with-if-match' };
      expect((await env.as('olga').patch(path, commands, headers)).status).toBe(202);
      await env.emulator.advance(120_000);
      const again = await env.as('olga').patch(path, commands, headers);
      expect([again.status, again.headers['idempotency-replayed']]).toEqual([202, 'true']);
    });

    it('tells nobody about a job that is not theirs', async () => {
      const path = await queued();
      const headers = { 'if-match': await etagOf(path) };
      const partner = env.with(await env.tokenOfPartner());
      for (const each of [path, statusPath(fixtures.unknownId)])
        expect((await partner.delete(each, headers)).status).toBe(404);
    });
  });

  it('say when it is stale: while one request fetches anew, and when the upstream fails', async () => {
    const counts = () => env.as('olga').get(fixtures.counts);
    const cacheStatus = async () => String((await counts()).headers['cache-status']);
    await counts();
    await env.emulator.setCount('Large', '9007199254740993');
    await eventually(async () =>
      expect(await cacheStatus()).toMatch(/hit; ttl=-\d+; detail=stale-while-revalidate/),
    );
    await eventually(async () => expect((await counts()).text).toContain('9007199254740993'));
    await env.emulator.fault({ operation: 'getPrintCounts', kind: 'reset-before' });
    await eventually(async () =>
      expect(await cacheStatus()).toMatch(/fwd=stale; ttl=-\d+; detail=stale-if-error/),
    );
    expect((await counts()).status).toBe(200);
    await env.emulator.noFaults();
  });
});
