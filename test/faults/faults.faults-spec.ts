import { FAULTS } from './faults.js';
import { FaultyHouse } from './faulty-house.js';
import { suffer, tableOf } from './suffer.js';

describe('whatever fails', () => {
  let faulty: FaultyHouse;
  const rows: string[] = [];
  beforeAll(async () => void (faulty = await FaultyHouse.open()));
  afterAll(async () => {
    process.stdout.write(tableOf(rows));
    await faulty.close();
  });

  it.each(Object.entries(FAULTS))(
    '%s: no caller waits too long, nothing is printed twice, and all is well again soon',
    async (name, fault) => void rows.push(await suffer(faulty, name, fault)),
    120_000,
  );
});
