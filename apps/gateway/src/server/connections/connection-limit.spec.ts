import { connectionLimit } from './connection-limit.js';

describe('the limit of connections', () => {
  it.each([
    ['leaves files for the upstream and for itself', 1_024, 64, 832],
    ['is half of what there is where that is little', 128, 64, 32],
    ['is one at least', 16, 10_000, 1],
  ])('%s', (_, limit, upstreamConnections, connections) => {
    expect(connectionLimit({ limit, upstreamConnections })).toBe(connections);
  });

  it('is none where the limit of open files is not known', () => {
    expect(connectionLimit({ limit: undefined, upstreamConnections: 64 })).toBeUndefined();
  });
});
