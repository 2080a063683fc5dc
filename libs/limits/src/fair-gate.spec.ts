import { FairGate } from './fair-gate.js';
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

describe('FairGate', () => {
  let calls: Calls;
  beforeEach(() => (calls = new Calls()));

  it('runs as many as it may, and the others in their turn', async () => {
    const gate = new FairGate({ parallel: 2, waiting: 10, waitMs: 60_000 });
    const results = ['1', '2', '3'].map((name) => gate.run('a', calls.call(name)));
    expect(calls.begun).toEqual(['1', '2']);
    await calls.end('2');
    expect(calls.begun).toEqual(['1', '2', '3']);
    await calls.end('1');
    await calls.end('3');
    expect(await Promise.all(results)).toEqual(['1', '2', '3']);
    expect([gate.running, gate.waiting]).toEqual([0, 0]);
  });

  it('lets who has the fewest running go first, however many another has waiting', async () => {
    const gate = new FairGate({ parallel: 2, waiting: 100, waitMs: 60_000 });
    const burst = Array.from({ length: 50 }, (_, i) => gate.run('a', calls.call(`a${i}`)));
    const other = [gate.run('b', calls.call('b0')), gate.run('b', calls.call('b1'))];
    await calls.end('a0');
    await calls.end('a1');
    expect(calls.begun.slice(2)).toEqual(['b0', 'a2']);
    for (const name of calls.begun) await calls.end(name);
    expect(await Promise.all([...burst, ...other])).toHaveLength(52);
  });

  it('gives its place to the next when a call fails', async () => {
    const gate = new FairGate({ parallel: 1, waiting: 1, waitMs: 60_000 });
    await expect(gate.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await gate.run('a', () => Promise.resolve('done'))).toBe('done');
  });

  it('refuses when too many wait, and has not called', async () => {
    const gate = new FairGate({ parallel: 1, waiting: 1, waitMs: 60_000 });
    void gate.run('a', calls.call('1'));
    const second = gate.run('a', calls.call('2'));
    await expect(gate.run('b', calls.call('3'))).rejects.toBeInstanceOf(GatewayBusy);
    await calls.end('1');
    await calls.end('2');
    expect(await second).toBe('2');
    expect(calls.begun).toEqual(['1', '2']);
  });

  it('refuses who waits too long, and has not called', async () => {
    const gate = new FairGate({ parallel: 1, waiting: 10, waitMs: 5 });
    const first = gate.run('a', calls.call('1'));
    await expect(gate.run('a', calls.call('2'))).rejects.toBeInstanceOf(GatewayBusy);
    await calls.end('1');
    expect([await first, calls.begun, gate.waiting]).toEqual(['1', ['1'], 0]);
  });
});
