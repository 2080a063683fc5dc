import { PrinterId } from '#libs/contract';
import { Problem } from '#libs/problem';
import { Grant } from './grant.js';
import type { PrintInQuestion } from './print-coverage.js';
import type { Limits, Role } from './role.js';

const printer = (digit: string) => PrinterId.parse(digit.repeat(32)) as PrinterId;
const [here, there] = [printer('a'), printer('b')];

const limits = (changes: Partial<Limits> = {}): Limits => {
  return { copies: 1, cardsPerDay: 10, requestsPerMinute: 60, ...changes };
};

const role = (changes: Partial<Role> = {}): Role => ({
  name: 'r',
  permissions: new Set(['ISSUANCE:ADD']),
  jobs: 'own',
  printers: new Set([here]),
  features: new Set(['print']),
  limits: limits(),
  requiresIdempotencyKey: false,
  allowBlank: false,
  ...changes,
});

const print = (changes: Partial<PrintInQuestion> = {}): PrintInQuestion => {
  return { printerId: here, features: ['print'], copies: 1, isBlank: false, hasKey: false, ...changes };
};

/** The kind of the problem, and its `limit` or `target`. */
function refusal(roles: readonly Role[], asked: Partial<PrintInQuestion> = {}): unknown[] {
  try {
    new Grant(roles).requirePrint(print(asked));
  } catch (error) {
    if (error instanceof Problem) return [error.name, error.members.limit ?? error.target];
  }
  throw new Error('the print was covered');
}

describe('Grant', () => {
  it('allows nothing without a role, and enough requests to find that out', () => {
    const grant = new Grant([]);
    expect(grant.meets('ISSUANCE:VIEW')).toBe(false);
    expect(grant.meets(undefined)).toBe(false);
    expect(grant.meets('a known caller')).toBe(true);
    expect(grant.coversPrinter('PRINTERS:VIEW', here)).toBe(false);
    expect(refusal([])).toEqual(['permission-not-granted', undefined]);
    expect(grant.requestsPerMinute('ISSUANCE:VIEW')).toBe(60);
    expect(grant.requestsPerMinute('a known caller')).toBe(60);
  });

  it('has a printer only for the permissions of the role that names it', () => {
    const grant = new Grant([role(), role({ permissions: new Set(['PRINTERS:VIEW']), printers: '*' })]);
    expect(grant.coversPrinter('PRINTERS:VIEW', there)).toBe(true);
    expect(grant.coversPrinter('ISSUANCE:ADD', there)).toBe(false);
    expect(grant.coversPrinter('ISSUANCE:ADD', here)).toBe(true);
  });

  it('counts requests by the largest limit of the roles that hold what is needed', () => {
    const grant = new Grant([
      role({ limits: limits({ requestsPerMinute: 30 }) }),
      role({ limits: limits({ requestsPerMinute: 90 }) }),
      role({ permissions: new Set(['REPORTS:VIEW']), limits: limits({ requestsPerMinute: undefined }) }),
    ]);
    expect(grant.requestsPerMinute('ISSUANCE:ADD')).toBe(90);
    expect(grant.requestsPerMinute('REPORTS:VIEW')).toBeUndefined();
    expect(grant.requestsPerMinute('a known caller')).toBeUndefined();
    const printing = new Grant([role()]);
    expect(printing.requestsPerMinute('ISSUANCE:EDIT')).toBe(60);
  });

  describe('a print that is covered', () => {
    const quota = (...roles: Role[]) => new Grant(roles).requirePrint(print()).cardsPerDay;

    it('has the largest quota of the roles that cover it, and none where one has none', () => {
      expect(quota(role(), role({ limits: limits({ cardsPerDay: 20 }) }))).toBe(20);
      expect(quota(role(), role({ limits: limits({ cardsPerDay: undefined }) }))).toBeUndefined();
    });

    it('has no quota of a role that does not cover it', () => {
      const large = limits({ cardsPerDay: 99 });
      expect(quota(role(), role({ permissions: new Set(['ISSUANCE:VIEW']), limits: large }))).toBe(10);
      expect(quota(role(), role({ printers: new Set([there]), limits: large }))).toBe(10);
      expect(quota(role(), role({ requiresIdempotencyKey: true, limits: large }))).toBe(10);
    });
  });

  describe('a print that no one role covers is refused with what the caller can do most about', () => {
    const viewer = role({ permissions: new Set(['ISSUANCE:VIEW']), printers: '*' });

    it.each<[string, Role[], Partial<PrintInQuestion>, unknown[]]>([
      ['no role may print', [viewer], {}, ['permission-not-granted', undefined]],
      [
        'no role that may print has it',
        [role(), viewer],
        { printerId: there },
        ['printer-not-granted', 'printerId'],
      ],
      [
        'no role that has the printer grants it',
        [role(), role({ printers: new Set([there]), features: new Set(['print', 'magstripe']) })],
        { features: ['print', 'magstripe'] },
        ['feature-not-granted', 'magstripe'],
      ],
      [
        'each of two roles grants one feature',
        [role({ features: new Set(['print']) }), role({ features: new Set(['magstripe']) })],
        { features: ['print', 'magstripe'] },
        ['feature-not-granted', 'magstripe'],
      ],
      [
        'the largest limit of those that cover the rest is exceeded',
        [
          role(),
          role({ limits: limits({ copies: 3 }) }),
          role({ printers: new Set([there]), limits: limits({ copies: 9 }) }),
        ],
        { copies: 5 },
        ['copies-not-granted', 3],
      ],
      [
        'a role that would want a key allows the most copies',
        [role(), role({ requiresIdempotencyKey: true, limits: limits({ copies: 3 }) })],
        { copies: 5 },
        ['copies-not-granted', 3],
      ],
      [
        'a role that allows more copies allows no blank card',
        [role({ limits: limits({ copies: 3 }) }), role({ allowBlank: true })],
        { copies: 5, isBlank: true },
        ['copies-not-granted', 1],
      ],
      ['it is blank', [role()], { isBlank: true }, ['blank-card', 'body']],
      [
        'every role that covers it wants a key',
        [role({ requiresIdempotencyKey: true }), viewer],
        {},
        ['idempotency-key-required', 'Idempotency-Key'],
      ],
    ])('%s', (_, roles, asked, expected) => {
      expect(refusal(roles, asked)).toEqual(expected);
    });
  });
});
