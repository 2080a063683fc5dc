import { PacedRate, RequestRate, UpstreamGates } from '#libs/limits';
import type { PolicyService, Caller } from '#libs/policy';
import { MemoryStore } from '#libs/store';
import { UpstreamAccess } from '../upstream/upstream.access.js';
import { PollPayers } from './poll-payers.js';

const LIMIT = 60;

describe('PollPayers', () => {
  let upstream: UpstreamAccess;
  let payers: PollPayers;
  const grants = new Map<string, Caller['grant']>();
  beforeEach(() => {
    const startedAtMs = Date.parse('2026-03-10T12:00:00Z');
    const now = () => startedAtMs;
    const rate = new RequestRate(new MemoryStore({ maxEntries: 100, now }), now);
    const gate = new UpstreamGates({ parallel: 1, parallelPrints: 1, waiting: 1, waitMs: 1 });
    upstream = new UpstreamAccess(rate, new PacedRate(rate, now), gate);
    const grantOf = ({ subject }: Caller['principal']) => grants.get(subject);
    payers = new PollPayers(upstream, { grantOf } as unknown as PolicyService);
  });

  const caller = (subject: string, requestsPerMinute: number | undefined): Caller => {
    const grant = { requestsPerMinute: () => requestsPerMinute } as unknown as Caller['grant'];
    grants.set(subject, grant);
    const principal = { issuer: 'i', tenant: 't', subject } as Caller['principal'];
    return { principal, grant, requirement: 'ISSUANCE:VIEW' };
  };
  const charge = (watching: readonly Caller[]) =>
    payers.charge(watching, async (payer) => {
      await upstream.admitPaced(payer);
      return payer.principal.subject;
    });

  it('charges those who watch in turn, each as long as they may cause calls', async () => {
    const watching = ['a', 'b', 'c'].map((name) => caller(name, LIMIT));
    const paid: (string | undefined)[] = [];
    for (let i = 0; i < 200; i += 1) paid.push(await charge(watching));
    expect(new Set(paid.slice(0, 3))).toEqual(new Set(['a', 'b', 'c']));
    for (const name of ['a', 'b', 'c']) expect(paid.filter((each) => each === name)).toHaveLength(31);
    expect(paid.at(-1)).toBeUndefined();
    expect(payers.readyInMs(watching)).toBe(2_000);
  });

  it('charges who has a larger limit the more', async () => {
    const watching = [caller('small', LIMIT), caller('large', 3 * LIMIT)];
    const paid: (string | undefined)[] = [];
    for (let i = 0; i < 40; i += 1) paid.push(await charge(watching));
    expect(paid.filter((name) => name === 'small')).toHaveLength(10);
  });

  it('charges one without a limit before all others', async () => {
    const watching = [caller('a', LIMIT), caller('admin', undefined)];
    expect([await charge(watching), await charge(watching)]).toEqual(['admin', 'admin']);
  });
});
