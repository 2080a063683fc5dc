import { eventually } from '../support/eventually.js';
import { House } from '../support/house.js';
import { the } from '../support/the.js';

const PLACES = 8;

describe('a waiting room that one tenant fills', () => {
  let house: House;
  beforeAll(async () => {
    house = await House.open({
      gateway: { UPSTREAM_PARALLEL: '2', UPSTREAM_WAITING: String(PLACES), UPSTREAM_WAIT_MS: '30000' },
    });
    for (const who of ['olga', 'otto', 'sonja', 'anna', 'oscar', 'victor']) await house.tokenOf(who);
  });
  afterAll(() => house.close());

  const waiting = async () => {
    const text = await (await fetch(`${house.gateway(0).managementUrl}/metrics`)).text();
    return Number(/^\S*upstream_waiting (\d+)/m.exec(text)?.[1]);
  };

  it('has room for every other tenant, and for who asks little in the same one', async () => {
    await house.emulator.fault({ operation: 'readPrinters', kind: 'latency', milliseconds: 300, share: 1 });
    const flood = ['olga', 'otto', 'sonja', 'anna'].flatMap((who) =>
      Array.from({ length: 10 }, () => house.as(who).get(the.printers)),
    );
    await eventually(async () => expect(await waiting()).toBe(PLACES));
    const quiet = await Promise.all(['oscar', 'victor'].map((who) => house.as(who).get(the.printers)));
    expect(quiet.map(({ status }) => status)).toEqual([200, 200]);
    const flooded = (await Promise.all(flood)).map(({ status }) => status);
    expect(new Set(flooded)).toEqual(new Set([200, 503]));
    await house.emulator.noFaults();
  });
});
