import { eventually } from '../support/eventually.js';
import { House } from '../support/house.js';
import { the } from '../support/the.js';

describe('a changed policy file', () => {
  let house: House;
  beforeAll(async () => (house = await House.open()));
  afterAll(() => house.close());

  const counts = () => house.as('victor').get(the.counts);

  it('is in force without a restart, for tokens that are known already too', async () => {
    expect((await counts()).status).toBe(200);
    house.writePolicy((yaml) => yaml.replaceAll(', REPORTS:VIEW]', ']'));
    await eventually(async () => expect((await counts()).status).toBe(403));
  });

  it('is refused when it is faulty: every fault is said, and the old one stays', async () => {
    house.writePolicy((yaml) =>
      yaml.replace('jobs: tenant', 'jobs: everybody').replace('copies: 5', 'copies: none'),
    );
    await eventually(() => expect(house.output).toContain('roles.supervisor.jobs'));
    expect(house.output).toContain('roles.card-operator.limits.copies');
    expect((await counts()).status).toBe(403);
  });

  it('that trusts an issuer no longer ends its tokens at once', async () => {
    house.writePolicy((yaml) => yaml);
    await eventually(async () => expect((await counts()).status).toBe(200));
    house.writePolicy((yaml) => yaml.replace(/issuer: .*/, 'issuer: https://login.example.com/'));
    await eventually(async () => expect((await counts()).status).toBe(401));
  });
});
