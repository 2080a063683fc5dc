import { TestEnvironment } from '../support/test-environment.js';
import { lostPrints, RESOLVING_AT_ONCE } from '../support/lost-prints.js';

const A_MILLION = 1_000_000;
/** The list is some 320 MB long. */
const MEMORY_BOUND = 128 * 1_048_576;

describe('an upstream that lists a million jobs all at once', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      // A list of 320 MB takes seconds, and is given ten times as long as this.
      gateway: { ...RESOLVING_AT_ONCE, RESOLUTION_SETTLE_MS: '3000' },
      emulator: { EMULATOR_HISTORY_JOBS: String(A_MILLION), EMULATOR_LISTS: 'whole' },
    });
  });
  afterAll(() => env.close());

  it('still tells what became of a lost print, and costs a gateway little memory', async () => {
    const { losePrint, isPrinted } = lostPrints(() => env);
    const { program } = env.gateway(0);
    const key = await losePrint();
    const before = program.residentBytes;
    let most = before;
    const sampling = setInterval(() => (most = Math.max(most, program.residentBytes)), 20);
    await isPrinted(key, 150_000).finally(() => clearInterval(sampling));
    expect(most - before).toBeLessThan(MEMORY_BOUND);
  }, 180_000);
});
