import fc from 'fast-check';
import { FairConcurrencyLimiter } from './fair-concurrency-limiter.js';
import type { Member } from './fair-room.js';
import { GatewayBusy } from './limits.problems.js';

/** Calls that end when the test says so, and the order in which they began. */
class Calls {
  readonly begun: string[] = [];
  private readonly ends = new Map<string, () => void>();

  call(name: string): () => Promise<string> {
    return () => {
      this.begun.push(name);
      return new Promise((resolve) => this.ends.set(name, () => resolve(name)));
    };
  }

  async end(name: string): Promise<void> {
    this.ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const of = (tenant: string, name = 'x'): Member => ({ tenant, name });

describe('FairConcurrencyLimiter', () => {
  let calls: Calls;
  beforeEach(() => (calls = new Calls()));
  // Those that begin meanwhile too.
  afterEach(async () => {
    for (const name of calls.begun) await calls.end(name);
  });

  it('runs as many as it may, for one tenant too, and the others in their turn', async () => {
    const gate = new FairConcurrencyLimiter({ parallel: 2, waiting: 10, waitMs: 60_000 });
    const results = ['1', '2', '3'].map((name) => gate.run(of('a'), calls.call(name)));
    expect(calls.begun).toEqual(['1', '2']);
    await calls.end('2');
    expect(calls.begun).toEqual(['1', '2', '3']);
    await calls.end('1');
    await calls.end('3');
    expect(await Promise.all(results)).toEqual(['1', '2', '3']);
    expect([gate.runningCount, gate.waitingCount]).toEqual([0, 0]);
  });

  it('lets who has the fewest running go first, however many another has waiting', async () => {
    const gate = new FairConcurrencyLimiter({ parallel: 2, waiting: 100, waitMs: 60_000 });
    const burst = Array.from({ length: 50 }, (_, i) => gate.run(of('a'), calls.call(`a${i}`)));
    const other = [gate.run(of('b'), calls.call('b0')), gate.run(of('b'), calls.call('b1'))];
    await calls.end('a0');
    await calls.end('a1');
    expect(calls.begun.slice(2)).toEqual(['b0', 'a2']);
    for (const name of calls.begun) await calls.end(name);
    expect(await Promise.all([...burst, ...other])).toHaveLength(52);
  });

  it('lets a member of a tenant go before another who has more running', async () => {
    const gate = new FairConcurrencyLimiter({ parallel: 2, waiting: 100, waitMs: 60_000 });
    for (let i = 0; i < 9; i += 1) void gate.run(of('a', 'flooding'), calls.call(`${i}`));
    void gate.run(of('a', 'quiet'), calls.call('quiet'));
    await calls.end('0');
    expect(calls.begun).toEqual(['0', '1', 'quiet']);
  });

  it('lets who comes anew wait for no more than one call, however few may run', async () => {
    const gate = new FairConcurrencyLimiter({ parallel: 1, waiting: 100, waitMs: 60_000 });
    for (let i = 0; i < 9; i += 1) void gate.run(of('a'), calls.call(`${i}`));
    void gate.run(of('b'), calls.call('b'));
    await calls.end('0');
    expect(calls.begun).toEqual(['0', 'b']);
  });

  it('gives its place to the next when a call fails', async () => {
    const gate = new FairConcurrencyLimiter({ parallel: 1, waiting: 1, waitMs: 60_000 });
    await expect(gate.run(of('a'), () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await gate.run(of('a'), () => Promise.resolve('done'))).toBe('done');
  });

  it('refuses a tenant that fills all places to wait, and has not called', async () => {
    const gate = new FairConcurrencyLimiter({ parallel: 1, waiting: 1, waitMs: 60_000 });
    void gate.run(of('a'), calls.call('1'));
    const second = gate.run(of('a'), calls.call('2'));
    await expect(gate.run(of('a'), calls.call('3'))).rejects.toBeInstanceOf(GatewayBusy);
    await calls.end('1');
    await calls.end('2');
    expect(await second).toBe('2');
    expect(calls.begun).toEqual(['1', '2']);
  });

  it('lets another tenant wait in the place of who came last of those that fill them, which has not called', async () => {
    const gate = new FairConcurrencyLimiter({ parallel: 1, waiting: 2, waitMs: 60_000 });
    void gate.run(of('a'), calls.call('1'));
    void gate.run(of('a', 'y'), calls.call('2'));
    const last = gate.run(of('a', 'z'), calls.call('3'));
    const other = gate.run(of('b'), calls.call('b'));
    await expect(last).rejects.toBeInstanceOf(GatewayBusy);
    await calls.end('1');
    await calls.end('b');
    expect(await other).toBe('b');
    expect(calls.begun).toEqual(['1', 'b', '2']);
  });

  it('refuses who waits too long, and has not called', async () => {
    const gate = new FairConcurrencyLimiter({ parallel: 1, waiting: 10, waitMs: 5 });
    const first = gate.run(of('a'), calls.call('1'));
    await expect(gate.run(of('a'), calls.call('2'))).rejects.toBeInstanceOf(GatewayBusy);
    await calls.end('1');
    expect([await first, calls.begun, gate.waitingCount]).toEqual(['1', ['1'], 0]);
  });

  it('leaves no slot unused, runs no more than it may, and begins with who has the fewest running', async () => {
    const options = fc.record({ parallel: fc.integer({ min: 1, max: 4 }), waiting: fc.nat(6) });
    const member = fc.record({ tenant: fc.constantFrom('a', 'b', 'c'), name: fc.constantFrom('x', 'y') });
    const steps = fc.array(fc.oneof(member, fc.nat(5)), { maxLength: 60 });
    const play = async (
      gate: FairConcurrencyLimiter,
      parallel: number,
      all: readonly (Member | number)[],
    ) => {
      const running: { tenant: string; end: () => void }[] = [];
      const waiting = new Map<string, number>();
      let ended: string | undefined;
      const runningOf = (tenant: string) =>
        running.filter((call) => call.tenant === tenant).length + (tenant === ended ? 1 : 0);
      const add = (tenant: string, by: number) => waiting.set(tenant, (waiting.get(tenant) ?? 0) + by);
      const arrive = async ({ tenant, name }: Member) => {
        add(tenant, 1);
        const begin = () => {
          for (const [other, count] of waiting)
            if (count > 0) expect(runningOf(tenant)).toBeLessThanOrEqual(runningOf(other));
          add(tenant, -1);
          return new Promise<void>((resolve) => running.push({ tenant, end: resolve }));
        };
        await gate.run({ tenant, name }, begin).catch((error: unknown) => {
          expect(error).toBeInstanceOf(GatewayBusy);
          add(tenant, -1);
        });
      };
      const settled: Promise<void>[] = [];
      const step = async (each: Member | number) => {
        const [ending] =
          typeof each === 'number' ? running.splice(each % Math.max(1, running.length), 1) : [];
        ended = ending?.tenant;
        ending?.end();
        if (typeof each !== 'number') settled.push(arrive(each));
        await new Promise((resolve) => setImmediate(resolve));
        const waits = [...waiting.values()].reduce((sum, count) => sum + count, 0);
        expect([gate.runningCount, gate.waitingCount]).toEqual([running.length, waits]);
        expect(running.length).toBe(Math.min(parallel, running.length + waits));
      };
      for (const each of all) await step(each);
      while (running.length > 0) await step(0);
      await Promise.all(settled);
    };
    await fc.assert(
      fc.asyncProperty(options, steps, ({ parallel, waiting }, all) =>
        play(new FairConcurrencyLimiter({ parallel, waiting, waitMs: 60_000 }), parallel, all),
      ),
      { numRuns: 50 },
    );
  });
});
