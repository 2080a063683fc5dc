import { redisConfigFaults } from './redis-config-check.js';

const info = (changes: Record<string, string> = {}) => {
  const fields = { maxmemory_policy: 'noeviction', aof_enabled: '1', connected_slaves: '1', ...changes };
  return Object.entries(fields)
    .map(([name, value]) => `${name}:${value}`)
    .join('\r\n');
};

describe('what is said of a Redis', () => {
  it('is nothing when it is set up for safe printing', () => {
    expect(redisConfigFaults(info(), 1)).toEqual([]);
    expect(redisConfigFaults(info({ connected_slaves: '0' }), 0)).toEqual([]);
  });

  it.each([
    ['it evicts', info({ maxmemory_policy: 'allkeys-lru' }), 1, /^maxmemory-policy is allkeys-lru/],
    ['it forgets', info({ aof_enabled: '0' }), 1, /^appendonly is off/],
    ['its replicas are missing', info({ connected_slaves: '1' }), 2, /^1 of REDIS_MIN_REPLICAS=2/],
    ['nobody waits for its replicas', info(), 0, /^there are replicas, and REDIS_MIN_REPLICAS is 0/],
  ])('is a warning when %s', (_, text, minReplicas, warning) => {
    expect(redisConfigFaults(text, minReplicas)).toEqual([expect.stringMatching(warning)]);
  });
});
