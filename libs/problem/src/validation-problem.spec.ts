import { InvalidRequest } from './validation-problem.js';

describe('InvalidRequest', () => {
  it('tells no more of a path or a rule than helps, whoever found it', () => {
    const { detail, target, members } = new InvalidRequest([
      { path: 'p'.repeat(60_000), message: 'm'.repeat(60_000) },
    ]);
    expect(target).toBe('p'.repeat(200));
    expect(detail.length).toBeLessThan(300);
    expect(members.violations).toEqual([{ path: target, message: 'm'.repeat(200) }]);
  });

  it('lists a hundred, and says how many there are', () => {
    const { detail, members } = new InvalidRequest(
      Array.from({ length: 101 }, (_, i) => ({ path: `p${i}`, message: 'is wrong' })),
    );
    expect(members.violations).toHaveLength(100);
    expect(detail).toMatch(/^101 rule/);
  });
});
