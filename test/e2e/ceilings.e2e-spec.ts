import { eventually } from '../support/eventually.js';
import { TestEnvironment, UNCACHED, withoutQuotas } from '../support/test-environment.js';
import { printRequest, keyHeader } from '../support/builders.js';
import { printPath, statusPath, fixtures } from '../support/fixtures.js';

const LONG_MS = 4_000;

/** Each would take every call that runs and every place to wait, if they shared them. */
describe('an upstream that is slow', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({
      gateway: {
        ...UNCACHED,
        ...{ UPSTREAM_PARALLEL: '2', UPSTREAM_PARALLEL_PRINTS: '2', UPSTREAM_WAITING: '2' },
        ...{ UPSTREAM_WAIT_MS: '20000', IDAAS_PRINT_TIMEOUT_MS: '20000', IDAAS_READ_TIMEOUT_MS: '20000' },
      },
      policy: withoutQuotas,
    });
  });
  afterAll(() => env.close());

  const running = async (calls: string) => {
    const text = await env.gateway(0).metrics();
    return Number(new RegExp(`^\\S*upstream_running\\{calls="${calls}"\\} (\\d+)`, 'm').exec(text)?.[1]);
  };
  const print = (printer: string) => env.as('olga').post(printPath(printer), printRequest(), keyHeader());
  const read = () => env.as('olga').get(fixtures.counts);

  const slow = (operation: string) =>
    env.emulator.onlyFault({ operation, kind: 'latency', milliseconds: LONG_MS, share: 1 });

  it('with its prints holds back no reads', async () => {
    await slow('print');
    const prints = [fixtures.printer, fixtures.secondPrinter].map(print);
    await eventually(async () => expect(await running('prints')).toBe(2));
    expect((await read()).status).toBe(200);
    expect(await running('prints')).toBe(2);
    expect((await Promise.all(prints)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('with its reads holds back no prints', async () => {
    await slow('getPrintStatus');
    const status = (await print(fixtures.printer)).body.printStatus.id as string;
    const other = (await print(fixtures.printer)).body.printStatus.id as string;
    const reads = [status, other].map((id) => env.as('olga').get(statusPath(id)));
    await eventually(async () => expect(await running('others')).toBe(2));
    expect((await print(fixtures.printer)).status).toBe(200);
    expect(await running('others')).toBe(2);
    await Promise.all(reads);
  });
});
