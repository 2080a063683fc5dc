import { MemberUsage } from './member-usage.js';

describe('MemberUsage', () => {
  it('knows how much is in use by all, by a tenant, and by a member of it', () => {
    const usage = new MemberUsage();
    usage.add({ tenant: 'a', name: 'x' }, 3);
    usage.add({ tenant: 'a', name: 'y' }, 4);
    usage.add({ tenant: 'b', name: 'x' }, 5);
    usage.add({ tenant: 'a', name: 'x' }, -1);
    expect([usage.total, usage.of('a'), usage.of('a', 'x'), usage.of('b', 'x'), usage.of('c')]).toEqual([
      11, 6, 2, 5, 0,
    ]);
  });
});
