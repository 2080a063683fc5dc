import { eventually } from '../support/eventually.js';
import { House } from '../support/house.js';
import { printRequest } from '../support/some.js';
import { printPath, the } from '../support/the.js';

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

  it('lets members of a newer API pass, which it names, from the next print on', async () => {
    const preferences = { copies: 1, printResolution2: 'FINEST' };
    const print = () => house.as('olga').post(printPath(), printRequest({ printerPreferences: preferences }));
    const refused = await print();
    expect(refused.status).toBe(400);
    expect(refused.body.violations).toEqual([
      expect.objectContaining({ path: 'printerPreferences.printResolution2' }),
    ]);
    house.writePolicy((yaml) => `${yaml}\nallowUnknown: [printerPreferences.printResolution2]\n`);
    await eventually(async () => expect((await print()).status).toBe(200));
    preferences.printResolution2 = 'x'.repeat(2_000);
    expect((await print()).status).toBe(400);
  });

  it('that trusts an issuer no longer ends its tokens at once', async () => {
    house.writePolicy((yaml) => yaml);
    await eventually(async () => expect((await counts()).status).toBe(200));
    house.writePolicy((yaml) => yaml.replace(/issuer: .*/, 'issuer: https://login.example.com/'));
    await eventually(async () => expect((await counts()).status).toBe(401));
  });
});
