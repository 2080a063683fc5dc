import { TenantLabels } from './tenant-labels.js';

it('a hundred tenants have a name of their own, those after them share one', () => {
  const labels = new TenantLabels();
  const tenants = Array.from({ length: 101 }, (_, index) => `t${index}`);
  expect(tenants.map((tenant) => labels.of(tenant)).slice(98)).toEqual(['t98', 't99', 'others']);
  expect(labels.of('t0')).toBe('t0');
});

it('callers without a tenant have an empty name', () => {
  expect(new TenantLabels().of(undefined)).toBe('');
});
