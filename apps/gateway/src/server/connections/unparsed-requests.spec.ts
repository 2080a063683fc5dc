import { Metrics } from '#libs/telemetry';
import { UnparsedRequests } from './unparsed-requests.js';

describe('UnparsedRequests', () => {
  let nowMs: number;
  let lines: Record<string, unknown>[];
  let metrics: Metrics;
  let unparsed: UnparsedRequests;
  beforeEach(() => {
    [nowMs, lines, metrics] = [0, [], new Metrics()];
    const info = (entry: object) => void lines.push({ ...entry });
    unparsed = new UnparsedRequests(metrics, { info }, () => nowMs);
  });
  const refuse = (clientAddress: string, status = 400) =>
    unparsed.note({ requestId: 'r', status, code: 'HPE_INVALID_METHOD', clientAddress });

  it('tells the address, the status and the reason of each kind once, and counts all', async () => {
    for (let sent = 0; sent < 1_000; sent += 1) refuse('203.0.113.9');
    refuse('203.0.113.9', 431);
    refuse('198.51.100.7');
    expect(lines.map(({ clientAddress, status }) => [clientAddress, status])).toEqual([
      ['203.0.113.9', 400],
      ['203.0.113.9', 431],
      ['198.51.100.7', 400],
    ]);
    expect(await metrics.text()).toContain('unparsed_requests_total{status="400"} 1001');
  });

  it('writes a bounded number of lines in a minute, from however many addresses, and says how many it left out', () => {
    for (let sent = 0; sent < 5_000; sent += 1) refuse(`2001:db8::${sent.toString(16)}`);
    expect(lines).toHaveLength(60);
    nowMs = 60_000;
    refuse('2001:db8::1');
    expect(lines).toHaveLength(61);
    expect(lines.at(-1)).toMatchObject({ clientAddress: '2001:db8::1', notLoggedBefore: 4_940 });
    refuse('2001:db8::2');
    expect(lines.at(-1)).toMatchObject({ clientAddress: '2001:db8::2', notLoggedBefore: undefined });
  });
});
