import { PrinterId, type Identity, type JobScope } from '#libs/contract';
import { scopeNeededFor } from './job-coverage.js';
import { Grant } from './grant.js';

const owner: Identity = { issuer: 'i', subject: 's', tenant: 't' };
const printer = (digit: string) => PrinterId.parse(digit.repeat(32)) as PrinterId;

describe('a job', () => {
  it.each<[string, Partial<Identity>, JobScope]>([
    ['its owner', {}, 'own'],
    ['another subject of its tenant', { subject: 'x' }, 'tenant'],
    ['the same subject of another issuer', { issuer: 'x' }, 'any'],
    ['the same subject of another tenant', { tenant: 'x' }, 'any'],
    ['the same subject without a tenant', { tenant: undefined }, 'any'],
    ['another of a tenant of the same name at another issuer', { subject: 'x', issuer: 'x' }, 'any'],
  ])('is for %s within the scope', (_, changes, scope) => {
    expect(scopeNeededFor({ ...owner, ...changes }, owner)).toBe(scope);
  });

  it('that nobody owns is nobody’s own, and two who have no tenant are not of one', () => {
    expect(scopeNeededFor(owner, undefined)).toBe('any');
    const alone = { ...owner, tenant: undefined };
    expect(scopeNeededFor({ ...alone, subject: 'x' }, alone)).toBe('any');
    expect(scopeNeededFor(alone, alone)).toBe('own');
  });

  describe('is covered', () => {
    const covers = (
      jobs: JobScope,
      caller: Partial<Identity>,
      job?: { owner: Identity; printerId: PrinterId },
    ) =>
      new Grant([
        {
          name: 'r',
          permissions: new Set(['ISSUANCE:VIEW']),
          jobs,
          printers: new Set([printer('a')]),
          features: new Set(),
          limits: { copies: 1, cardsPerDay: undefined, requestsPerMinute: undefined },
          requiresIdempotencyKey: false,
          allowBlank: false,
        },
      ]).coversJob('ISSUANCE:VIEW', { ...owner, ...caller }, job);
    const [here, there] = [
      { owner, printerId: printer('a') },
      { owner, printerId: printer('b') },
    ];

    it.each<JobScope>(['own', 'tenant', 'any'])(
      'by a role of scope %s for its owner, wherever it was printed',
      (jobs) => {
        expect([covers(jobs, {}, here), covers(jobs, {}, there)]).toEqual([true, true]);
      },
    );

    it.each<[JobScope, Partial<Identity>, boolean]>([
      ['own', { subject: 'x' }, false],
      ['tenant', { subject: 'x' }, true],
      ['tenant', { tenant: 'x' }, false],
      ['any', { tenant: 'x' }, true],
    ])('by a role of scope %s for %j on the printers of the role: %s', (jobs, caller, expected) => {
      expect([covers(jobs, caller, here), covers(jobs, caller, there)]).toEqual([expected, false]);
    });

    it('only by a role with all printers where nothing is known of it', () => {
      expect(covers('any', {}, undefined)).toBe(false);
    });
  });
});
