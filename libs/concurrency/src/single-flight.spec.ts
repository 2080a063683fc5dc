import { SingleFlight } from './single-flight.js';

/** Work that ends when it is told to, and how often it was begun. */
function someWork() {
  const begun: { resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
  const work = () => new Promise<string>((resolve, reject) => begun.push({ resolve, reject }));
  return { begun, work };
}

describe('a single flight', () => {
  it('does the work for a key once for all who want it at the same time, and for each key by itself', async () => {
    const flights = new SingleFlight<string>();
    const { begun, work } = someWork();
    const waiting = [flights.run('a', work), flights.run('a', work), flights.run('b', work)];
    expect([begun.length, flights.size]).toEqual([2, 2]);
    begun[0]?.resolve('of a');
    begun[1]?.resolve('of b');
    expect(await Promise.all(waiting)).toEqual(['of a', 'of a', 'of b']);
  });

  it('begins anew for who comes when the work has ended, well or not', async () => {
    const flights = new SingleFlight<string>();
    const { begun, work } = someWork();
    const failing = [flights.run('a', work), flights.run('a', work)];
    begun[0]?.reject(new Error('away'));
    const outcomes = await Promise.allSettled(failing);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([flights.find('a'), flights.size]).toEqual([undefined, 0]);
    void flights.run('a', work);
    expect(begun).toHaveLength(2);
  });

  it('ends no process where nobody waits for work that fails', async () => {
    const flights = new SingleFlight<string>();
    flights.begin('a', Promise.reject(new Error('away')));
    await new Promise((resolve) => setImmediate(resolve));
    expect(flights.size).toBe(0);
  });

  it('lets nobody join work that was detached, and its end ends no later work', async () => {
    const flights = new SingleFlight<string>();
    const { begun, work } = someWork();
    const early = flights.run('a', work);
    flights.detach('a');
    const late = flights.run('a', work);
    begun[0]?.resolve('early');
    expect(await early).toBe('early');
    expect(flights.find('a')).toBe(late);
    begun[1]?.resolve('late');
    expect(await late).toBe('late');
  });
});
