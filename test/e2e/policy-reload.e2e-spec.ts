import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { printRequest } from '../support/builders.js';
import { printPath, fixtures } from '../support/fixtures.js';

describe('a changed policy file', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open()));
  afterAll(() => env.close());

  const counts = () => env.as('victor').get(fixtures.counts);

  it('is in force without a restart, for tokens that are known already too', async () => {
    expect((await counts()).status).toBe(200);
    env.writePolicy((yaml) => yaml.replaceAll(', REPORTS:VIEW]', ']'));
    await eventually(async () => expect((await counts()).status).toBe(403));
  });

  it('is refused when it is faulty: every fault is said, and the old one stays', async () => {
    env.writePolicy((yaml) =>
      yaml.replace('jobs: tenant', 'jobs: everybody').replace('copies: 5', 'copies: none'),
    );
    await eventually(() => expect(env.output).toContain('roles.supervisor.jobs'));
    expect(env.output).toContain('roles.card-operator.limits.copies');
    expect((await counts()).status).toBe(403);
  });

  it('lets members of a newer API pass, which it names, from the next print on', async () => {
    const preferences = { copies: 1, printResolution2: 'FINEST' };
    const print = () => env.as('olga').post(printPath(), printRequest({ printerPreferences: preferences }));
    const refused = await print();
    expect(refused.status).toBe(400);
    expect(refused.body.violations).toEqual([
      expect.objectContaining({ path: 'printerPreferences.printResolution2' }),
    ]);
    env.writePolicy((yaml) => `${yaml}\nallowUnknown: [printerPreferences.printResolution2]\n`);
    await eventually(async () => expect((await print()).status).toBe(200));
    preferences.printResolution2 = 'x'.repeat(2_000);
    expect((await print()).status).toBe(400);
  });

  it('that trusts an issuer no longer ends its tokens at once', async () => {
    env.writePolicy((yaml) => yaml);
    await eventually(async () => expect((await counts()).status).toBe(200));
    env.writePolicy((yaml) => yaml.replace(/issuer: .*/, 'issuer: https://login.example.com/'));
    await eventually(async () => expect((await counts()).status).toBe(401));
  });
});
