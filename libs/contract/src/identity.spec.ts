import { identityKey, identityParts, isSameIdentity, tenantKey, type Identity } from './identity.js';

const sonja: Identity = { issuer: 'https://login.example/', tenant: 'blue', subject: 'sonja' };
const others: Identity[] = [
  { ...sonja, issuer: 'https://other.example/' },
  { ...sonja, tenant: 'green' },
  { ...sonja, tenant: undefined },
  { ...sonja, tenant: '' },
  { ...sonja, subject: 'olga' },
  { ...sonja, tenant: 'sonja', subject: 'blue' },
  { ...sonja, tenant: 'blue","sonja', subject: '' },
];

describe('the key of an identity', () => {
  it('is the same for the same caller, whatever else is known of them, and for no other', () => {
    const known = { ...sonja, roles: ['card-operator'] };
    expect(identityKey(known)).toBe(identityKey(sonja));
    expect(new Set([sonja, ...others].map(identityKey)).size).toBe(1 + others.length);
    expect([known, ...others].map((other) => isSameIdentity(sonja, other))).toEqual([
      true,
      ...others.map(() => false),
    ]);
  });

  it('stays what it was, for quotas and lists of jobs are kept under it', () => {
    expect(identityKey(sonja)).toBe('vkGeO8bcrpJhjUw_unVFFkYtHQlkC_ZvVRksVqs0o50');
    expect(identityParts(sonja)).toEqual(['https://login.example/', 'blue', 'sonja']);
  });

  it('of a tenant is the same for its callers, and for no other tenant, of another issuer neither', () => {
    expect(tenantKey({ ...sonja, subject: 'olga' })).toBe(tenantKey(sonja));
    const tenants = [sonja, ...others.slice(0, 4)].map(tenantKey);
    expect(new Set(tenants).size).toBe(tenants.length);
  });
});
