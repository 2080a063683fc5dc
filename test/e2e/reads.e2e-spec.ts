import { TestEnvironment } from '../support/test-environment.js';
import { fixtures } from '../support/fixtures.js';

describe('getPrintCounts', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open()));
  afterAll(() => env.close());

  it('passes int64 counts on digit for digit', async () => {
    await env.emulator.setCount('Large', '9007199254740993');
    const response = await env.as('olga').get(fixtures.counts);
    expect(response.status).toBe(200);
    expect(response.headers['content-type']).toMatch(/^application\/json/);
    expect(response.text).toContain('"count":9007199254740993}');
  });

  it('needs REPORTS:VIEW', async () => {
    const response = await env.with(env.tokenOfPartner()).get(fixtures.counts);
    expect(response.status).toBe(403);
    expect(response.body).toMatchObject({ permission: 'REPORTS:VIEW' });
  });

  describe('readPrinters', () => {
    it('lists the granted printers and no others', async () => {
      const { body } = await env.as('olga').get(fixtures.printers);
      const printers = body as { name: string }[];
      expect(printers.map(({ name }) => name)).toEqual(['Printer 1', 'Printer 2', 'Printer 3', 'Printer 12']);
    });

    it('lists all of them for a role that is granted all', async () => {
      expect(
        (await env.as('sonja').get(`${fixtures.printers}?withStatus=true&fields=name`)).body,
      ).toHaveLength(12);
    });

    it('shows of a printer what an end user needs, and nothing else', async () => {
      const response = await env.as('olga').get(`${fixtures.printers}/${fixtures.printer}`);
      expect(response.status).toBe(200);
      expect(response.body).toEqual({
        id: fixtures.printer,
        name: 'Printer 1',
        location: 'Building 1, floor 1',
        model: 'Sigma DS1',
        status: 'IDLE',
        hoppers: 2,
        ribbonRemaining: 86.5,
        retransferRollRemaining: 60.25,
        cardsRemaining: 499,
      });
    });

    it('refuses a printer outside the grant without asking the upstream', async () => {
      const before = await env.emulator.callsOf('readPrinter');
      expect((await env.as('olga').get(`${fixtures.printers}/${fixtures.otherPrinter}`)).status).toBe(403);
      expect((await env.as('olga').get(`${fixtures.printers}/${fixtures.unknownId}`)).status).toBe(403);
      expect(await env.emulator.callsOf('readPrinter')).toBe(before);
    });

    it('answers 404 for a printer that is granted and unknown', async () => {
      expect((await env.as('sonja').get(`${fixtures.printers}/${fixtures.unknownId}`)).status).toBe(404);
    });
  });
});
