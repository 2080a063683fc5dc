import { boundedBy, guarded } from './bounded.js';
import { about } from './finding.js';

describe('a check', () => {
  it('that hangs is a failure when its time is over, and its signal has come before', async () => {
    let isTold = false;
    const findings = await boundedBy(50)('slow', (signal) => {
      signal.addEventListener('abort', () => (isTold = true));
      return new Promise(() => {});
    });
    expect(findings).toEqual([expect.objectContaining({ check: 'slow', level: 'failure' })]);
    expect(isTold).toBe(true);
  });

  it.each([
    ['at once', () => broken()],
    ['later', () => Promise.reject(new Error('odd'))],
  ])('that breaks %s is a failure, and ends nothing else', async (_, look) => {
    expect(await boundedBy(1_000)('odd', look)).toEqual([
      expect.objectContaining({ level: 'failure', message: 'could not be looked at: odd' }),
    ]);
  });

  it('that ends in time is what it found', async () => {
    const found = [about('fine').ok('all is well')];
    expect(await boundedBy(1_000)('fine', () => found)).toBe(found);
  });
});

describe('a part of the report', () => {
  it.each([
    ['at once', () => broken()],
    ['later', () => Promise.reject(new Error('odd'))],
  ])('that breaks %s is a failure, and what the others found is told', async (_, look) => {
    expect(await guarded('odd', look)).toEqual({
      findings: [expect.objectContaining({ level: 'failure', message: 'could not be looked at: odd' })],
    });
  });

  it('that does not is what it found', async () => {
    const found = { findings: [about('fine').ok('all is well')], config: 1 };
    expect(await guarded('fine', () => found)).toBe(found);
  });
});

function broken(): never {
  throw new Error('odd');
}
