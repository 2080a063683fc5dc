import { Metrics } from './metrics.js';

describe('metrics, as Prometheus fetches them', () => {
  it('count events by their labels', async () => {
    const metrics = new Metrics();
    const reads = metrics.counter('reads_total', 'Reads.', ['kind', 'outcome']);
    reads.inc({ kind: 'status', outcome: 'hit' });
    reads.inc({ outcome: 'hit', kind: 'status' });
    reads.inc({ kind: 'status', outcome: 'miss' });
    const expected = [
      '# HELP print_gateway_reads_total Reads.',
      '# TYPE print_gateway_reads_total counter',
      'print_gateway_reads_total{kind="status",outcome="hit"} 2',
      'print_gateway_reads_total{kind="status",outcome="miss"} 1',
    ];
    expect(await metrics.text()).toContain(expected.join('\n'));
    expect(await metrics.text()).toContain(expected.join('\n'));
  });

  it('put durations into buckets, each with what the smaller ones have, a bound within its bucket', async () => {
    const metrics = new Metrics();
    const durations = metrics.durations('call_seconds', 'Calls.', ['operation']);
    [0.0005, 0.0007, 0.02, 100].forEach((seconds) => durations.observe({ operation: 'print' }, seconds));
    const text = await metrics.text();
    expect(text).toContain('# TYPE print_gateway_call_seconds histogram\n');
    const valueOf = (name: string, le?: string) => {
      const labels = le === undefined ? 'operation="print"' : `le="${le}",operation="print"`;
      const line = text
        .split('\n')
        .find((each) => each.startsWith(`print_gateway_call_seconds_${name}{${labels}} `));
      return Number(line?.split(' ').at(-1));
    };
    expect(['0.0005', '0.001', '0.01', '0.025', '60', '+Inf'].map((le) => valueOf('bucket', le))).toEqual([
      1, 2, 2, 3, 3, 4,
    ]);
    expect(valueOf('count')).toBe(4);
    expect(valueOf('sum')).toBeCloseTo(100.0212);
  });
});
