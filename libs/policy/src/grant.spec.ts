import { PrinterId } from '#libs/contract';
import { Grant, type Role } from './grant.js';

const printer = (digit: string) => PrinterId.parse(digit.repeat(32)) as PrinterId;

const role = (changes: Partial<Role> = {}): Role => ({
  permissions: new Set(['ISSUANCE:VIEW']),
  jobs: 'own',
  printers: new Set([printer('a')]),
  features: new Set(['print']),
  limits: { copies: 1, cardsPerDay: 10, requestsPerMinute: 60 },
  requiresIdempotencyKey: false,
  ...changes,
});

describe('Grant', () => {
  it('allows nothing without a role', () => {
    const grant = new Grant([]);
    expect(grant.allows('ISSUANCE:VIEW')).toBe(false);
    expect(grant.allowsPrinter(printer('a'))).toBe(false);
    expect(grant.allowsFeature('print')).toBe(false);
    expect(grant.limits).toEqual({ copies: 0, cardsPerDay: 0, requestsPerMinute: 60 });
  });

  it('is the union of its roles', () => {
    const grant = new Grant([
      role(),
      role({
        permissions: new Set(['ISSUANCE:ADD']),
        printers: new Set([printer('b')]),
        features: new Set(['smartcard']),
      }),
    ]);
    expect([...grant.permissions]).toEqual(['ISSUANCE:VIEW', 'ISSUANCE:ADD']);
    expect(['a', 'b', 'c'].map((digit) => grant.allowsPrinter(printer(digit)))).toEqual([true, true, false]);
    expect(['print', 'smartcard', 'magstripe'].map((each) => grant.allowsFeature(each as 'print'))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('allows every printer when one role does', () => {
    expect(new Grant([role(), role({ printers: '*' })]).allowsPrinter(printer('c'))).toBe(true);
  });

  it.each([
    [['own', 'tenant'], 'tenant'],
    [['any', 'own', 'tenant'], 'any'],
    [['own'], 'own'],
  ] as const)('sees the jobs of the widest of %s', (scopes, widest) => {
    expect(new Grant(scopes.map((jobs) => role({ jobs }))).jobs).toBe(widest);
  });

  it('demands an Idempotency-Key when one role does', () => {
    expect(new Grant([role(), role({ requiresIdempotencyKey: true })]).requiresIdempotencyKey).toBe(true);
    expect(new Grant([role()]).requiresIdempotencyKey).toBe(false);
  });

  it('has the larger of each limit, and none where a role has none', () => {
    const generous = { copies: 5, cardsPerDay: undefined, requestsPerMinute: 30 };
    expect(new Grant([role(), role({ limits: generous })]).limits).toEqual({
      copies: 5,
      cardsPerDay: undefined,
      requestsPerMinute: 60,
    });
  });
});
