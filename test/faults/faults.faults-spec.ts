import { FAULTS } from './faults.js';
import { FaultyEnvironment } from './faulty-environment.js';
import { injectFault, tableOf } from './inject-fault.js';

describe('whatever fails', () => {
  let faulty: FaultyEnvironment;
  const rows: string[] = [];
  beforeAll(async () => void (faulty = await FaultyEnvironment.open()));
  afterAll(async () => {
    process.stdout.write(tableOf(rows));
    await faulty.close();
  });

  it.each(Object.entries(FAULTS))(
    '%s: no caller waits too long, nothing is printed twice, and all is well again soon',
    async (name, fault) => void rows.push(await injectFault(faulty, name, fault)),
    120_000,
  );
});
