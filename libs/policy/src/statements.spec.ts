import fc from 'fast-check';
import {
  FEATURES,
  JOB_SCOPES,
  PERMISSIONS,
  PrinterId,
  type Feature,
  type Identity,
  type JobScope,
  type Permission,
} from '#libs/contract';
import { Grant } from './grant.js';
import type { JobInQuestion } from './job-coverage.js';
import type { PrintInQuestion } from './print-coverage.js';
import type { Role } from './role.js';

/** Whatever is asked: what two roles allow together, one of them allows alone. */

type Ask = (grant: Grant) => boolean;

const PRINTERS = ['a', 'b'].map((digit) => PrinterId.parse(digit.repeat(32)) as PrinterId);
const COPIES = [1, 5];
const CALLER: Identity = { issuer: 'i', subject: 's', tenant: 't' };
const OWNERS: readonly (Identity | undefined)[] = [
  CALLER,
  { ...CALLER, subject: 'x' },
  { ...CALLER, tenant: 'x' },
  { ...CALLER, tenant: undefined },
  { ...CALLER, issuer: 'x' },
];

const NOTHING: Role = {
  name: 'r',
  permissions: new Set(),
  jobs: 'own',
  printers: new Set(),
  features: new Set(),
  limits: { copies: 1, cardsPerDay: undefined, requestsPerMinute: undefined },
  requiresIdempotencyKey: false,
  allowBlank: false,
};

/** The terms of a print: how many cards a day; `refused` where it is not covered. */
function termsOf(grant: Grant, print: PrintInQuestion): number | 'no quota' | 'refused' {
  try {
    return grant.requirePrint(print).cardsPerDay ?? 'no quota';
  } catch {
    return 'refused';
  }
}

const printing =
  (print: PrintInQuestion): Ask =>
  (grant) =>
    termsOf(grant, print) !== 'refused';

const onJob =
  (
    permission: Permission,
    job: JobInQuestion | undefined,
    atLeast: JobScope,
    features: readonly Feature[],
  ): Ask =>
  (grant) =>
    grant.coversJob(permission, CALLER, job, { atLeast, features });

/** Every combination of one of each. */
function product<T extends object>(choices: { readonly [K in keyof T]: readonly T[K][] }): T[] {
  return Object.entries<readonly unknown[]>(choices).reduce<object[]>(
    (made, [name, values]) => made.flatMap((each) => values.map((value) => ({ ...each, [name]: value }))),
    [{}],
  ) as T[];
}

function expectOneToCover(ask: Ask, roles: readonly Role[]): void {
  const alone = roles.some((role) => ask(new Grant([role])));
  if (ask(new Grant(roles)) !== alone)
    expect({ roles, together: !alone }).toEqual({ roles, together: alone });
}

function expectPairsToAgree(roles: readonly Role[], asks: readonly Ask[]): void {
  const alone = roles.map((role) => asks.map((ask) => ask(new Grant([role]))));
  for (const [i, one] of roles.entries())
    for (const [j, other] of roles.entries()) {
      const both = new Grant([one, other]);
      const together = asks.map((ask) => ask(both));
      const expected = asks.map((_, at) => alone[i]?.[at] === true || alone[j]?.[at] === true);
      if (together.some((allowed, at) => allowed !== expected[at]))
        expect({ one, other, together }).toEqual({ one, other, together: expected });
    }
}

const permissions = fc.uniqueArray(fc.constantFrom(...PERMISSIONS)).map((names) => new Set(names));
const features = fc.subarray([...FEATURES]);
const anyRole: fc.Arbitrary<Role> = fc.record({
  name: fc.constant('r'),
  permissions,
  jobs: fc.constantFrom(...JOB_SCOPES),
  printers: fc.oneof(
    fc.constant('*' as const),
    fc.subarray(PRINTERS).map((ids) => new Set(ids)),
  ),
  features: features.map((names) => new Set(names)),
  limits: fc.record({
    copies: fc.constantFrom(...COPIES),
    cardsPerDay: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    requestsPerMinute: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
  }),
  requiresIdempotencyKey: fc.boolean(),
  allowBlank: fc.boolean(),
});
const anyPrint: fc.Arbitrary<PrintInQuestion> = fc.record({
  printerId: fc.constantFrom(...PRINTERS),
  features,
  copies: fc.constantFrom(...COPIES, 6),
  isBlank: fc.boolean(),
  hasKey: fc.boolean(),
});
const anyPermission = fc.constantFrom(...PERMISSIONS);
const anyPrinter = fc.constantFrom(...PRINTERS);
const anyJob = fc.option(
  fc.record({ owner: fc.constantFrom(...OWNERS), printerId: fc.option(anyPrinter, { nil: undefined }) }),
  { nil: undefined },
);
const anyScope = fc.constantFrom(...JOB_SCOPES);
const anyAsk: fc.Arbitrary<Ask> = fc.oneof(
  anyPrint.map(printing),
  fc.tuple(anyPermission, anyJob, anyScope, features).map((asked) => onJob(...asked)),
  fc.tuple(anyPermission, anyPrinter).map(
    (asked): Ask =>
      (grant) =>
        grant.coversPrinter(...asked),
  ),
  fc.tuple(anyPermission, fc.option(anyPrinter, { nil: undefined })).map((asked): Ask => {
    return (grant) => grant.coversJobsOfAll(...asked);
  }),
  fc.tuple(anyPermission, anyScope).map(
    (asked): Ask =>
      (grant) =>
        grant.reachesJobs(...asked),
  ),
  anyPermission.map(
    (permission): Ask =>
      (grant) =>
        grant.meets(permission),
  ),
);

describe('what several roles allow together, one of them allows alone', () => {
  it('whatever is asked, of any roles', () => {
    fc.assert(
      fc.property(fc.array(anyRole, { maxLength: 4 }), anyAsk, (roles, ask) => expectOneToCover(ask, roles)),
      { numRuns: 2_000 },
    );
  });

  it('for every print, of every two of these roles', () => {
    const roles = product<Role>({
      ...each(NOTHING),
      permissions: [new Set(), new Set(['ISSUANCE:ADD'])],
      printers: [new Set(PRINTERS.slice(0, 1)), '*'],
      features: [new Set(['print']), new Set(['magstripe']), new Set(FEATURES)],
      limits: COPIES.map((copies) => ({ ...NOTHING.limits, copies })),
      requiresIdempotencyKey: [false, true],
      allowBlank: [false, true],
    });
    const prints = product<PrintInQuestion>({
      printerId: PRINTERS,
      features: [['print'], ['print', 'magstripe']],
      copies: COPIES,
      isBlank: [false, true],
      hasKey: [false, true],
    });
    expectPairsToAgree(roles, prints.map(printing));
  });

  it('for every operation on every kind of job, of every two of these roles', () => {
    const roles = product<Role>({
      ...each(NOTHING),
      permissions: [new Set(['ISSUANCE:EDIT']), new Set(['ISSUANCE:VIEW'])],
      jobs: JOB_SCOPES,
      printers: [new Set(), new Set(PRINTERS.slice(0, 1)), '*'],
      features: [new Set(), new Set(['smartcard'])],
    });
    const jobs = product<JobInQuestion>({ owner: OWNERS, printerId: PRINTERS });
    const asks = [undefined, ...jobs].flatMap((job) =>
      (['ISSUANCE:VIEW', 'ISSUANCE:EDIT', 'ISSUANCE:REMOVE'] as const).flatMap((permission) =>
        JOB_SCOPES.flatMap((scope) => [
          onJob(permission, job, scope, []),
          onJob(permission, job, scope, ['smartcard']),
        ]),
      ),
    );
    expectPairsToAgree(roles, asks);
  });
});

describe('the quota of a print', () => {
  it('is the largest of the roles that cover it alone, and none where one of them has none', () => {
    fc.assert(
      fc.property(fc.array(anyRole, { maxLength: 4 }), anyPrint, (roles, print) => {
        const alone = roles
          .map((role) => termsOf(new Grant([role]), print))
          .filter((terms) => terms !== 'refused');
        const largest = alone.includes('no quota') ? 'no quota' : Math.max(...(alone as number[]));
        expect(termsOf(new Grant(roles), print)).toBe(alone.length > 0 ? largest : 'refused');
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('requests in a minute', () => {
  it('are the most of the roles that hold what is needed, without regard to the others', () => {
    fc.assert(
      fc.property(fc.array(anyRole, { minLength: 1, maxLength: 4 }), anyPermission, (roles, permission) => {
        const holders = roles.filter((role) => role.permissions.has(permission));
        fc.pre(holders.length > 0);
        const limits = holders.map(({ limits: { requestsPerMinute } }) => requestsPerMinute ?? Infinity);
        expect(new Grant(roles).requestsPerMinute(permission) ?? Infinity).toBe(Math.max(...limits));
      }),
    );
  });
});

/** Each member with its one value. */
function each(role: Role) {
  return Object.fromEntries(Object.entries(role).map(([name, value]) => [name, [value]])) as unknown as {
    readonly [K in keyof Role]: readonly Role[K][];
  };
}
