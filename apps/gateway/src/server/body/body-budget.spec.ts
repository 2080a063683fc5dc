import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { BodyBudget, type BodyShare } from './body-budget.js';
import { Overloaded } from './body.problems.js';

const WAIT_MS = 1_000;

class FakeConnection extends EventEmitter {
  destroyed = false;

  close(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

/** Bodies of users who are named by a tenant and a user, `a/x`. */
class Bodies {
  readonly budget: BodyBudget;
  /** Who has got a share, in order; a number tells those of one user apart: `a/x 2`. */
  readonly served: string[] = [];
  /** Who was refused or stopped, and why. */
  readonly failed: Record<string, string> = {};
  readonly connections = new Map<string, FakeConnection>();
  private readonly shares = new Map<string, BodyShare>();

  constructor(changes: Partial<ConstructorParameters<typeof BodyBudget>[0]> = {}) {
    const usual = { bytes: 100, bytesPerTenant: 75, bytesPerUser: 40, waiting: 10, waitMs: WAIT_MS };
    this.budget = new BodyBudget({ ...usual, ...changes });
  }

  /** Asks for shares of so many bytes, one after the other, and waits until those have theirs who need not wait. */
  async ask(bytes: number, ...names: string[]): Promise<void> {
    for (const name of names) void this.reserve(name, bytes);
    await turn();
  }

  /** Asks for such shares, of which as many bytes then come in, and no more. */
  async upload(bytes: number, arrived: number, ...names: string[]): Promise<void> {
    await this.ask(bytes, ...names);
    for (const name of names) {
      const stop = ({ name: problem }: Error) => (this.failed[name] = problem);
      const startedMs = performance.now();
      this.shareOf(name).beginUpload({ startedMs, lastMs: startedMs, bytes: arrived, stop });
    }
  }

  shareOf(name: string): BodyShare {
    const share = this.shares.get(name);
    if (!share) throw new Error(`${name} has no share`);
    return share;
  }

  async end(...names: string[]): Promise<void> {
    for (const name of names) this.shareOf(name).release();
    await turn();
  }

  private async reserve(name: string, bytes: number): Promise<void> {
    const [tenant = '', user = ''] = name.replace(/ .*/, '').split('/');
    const connection = new FakeConnection();
    this.connections.set(name, connection);
    try {
      this.shares.set(name, await this.budget.reserve({ tenant, name: user }, bytes, connection));
      this.served.push(name);
    } catch (error) {
      this.failed[name] = (error as Error).name;
    }
  }
}

const pass = async (ms: number) => {
  jest.advanceTimersByTime(ms);
  await turn();
};

describe('the memory of all bodies', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());

  it('is given to whoever it has room for, and waited for by others', async () => {
    const bodies = new Bodies();
    await bodies.ask(35, 'a/x', 'b/x', 'c/x');
    expect([bodies.served, bodies.budget.heldBytes, bodies.budget.waiting]).toEqual([['a/x', 'b/x'], 70, 1]);
    await bodies.end('a/x');
    expect([bodies.budget.heldBytes, bodies.budget.waiting]).toEqual([70, 0]);
    await bodies.end('a/x', 'b/x', 'b/x', 'c/x');
    expect(bodies.budget.heldBytes).toBe(0);
  });

  it('is never all one user’s, nor one tenant’s', async () => {
    const bodies = new Bodies();
    await bodies.ask(25, 'a/x', 'a/x 2', 'a/y', 'a/z', 'a/u');
    expect(bodies.served).toEqual(['a/x', 'a/y', 'a/z']);
    await bodies.ask(25, 'b/x');
    expect(bodies.served).toEqual(['a/x', 'a/y', 'a/z', 'b/x']);
    await bodies.end('a/y');
    expect(bodies.served.at(-1)).toBe('a/u');
  });

  it('goes to those first who hold the least, and who needs much is not passed by', async () => {
    const bodies = new Bodies();
    await bodies.ask(30, 'a/x', 'b/x', 'c/x');
    await bodies.ask(20, 'a/y');
    await bodies.ask(35, 'd/x');
    await bodies.ask(20, 'e/x');
    await bodies.end('c/x');
    expect(bodies.served.slice(3)).toEqual(['d/x']);
    await bodies.end('b/x');
    expect(bodies.served.slice(3)).toEqual(['d/x', 'e/x']);
    await bodies.end('d/x');
    expect(bodies.served.at(-1)).toBe('a/y');
  });

  it('grows for who holds some, without waiting', async () => {
    const { budget } = new Bodies();
    const share = await budget.reserve({ tenant: 'a', name: 'x' }, 10, new FakeConnection());
    share.growTo(40);
    share.growTo(20);
    expect(budget.heldBytes).toBe(40);
    expect(() => share.growTo(41)).toThrow(Overloaded);
    share.release();
    expect(budget.heldBytes).toBe(0);
  });

  it('is refused to who has waited for too long, and the next is served', async () => {
    const bodies = new Bodies();
    await bodies.ask(30, 'a/x', 'b/x', 'c/x', 'd/x');
    await pass(WAIT_MS - 1);
    await bodies.ask(10, 'e/x');
    expect(bodies.failed).toEqual({});
    await pass(1);
    expect([bodies.failed, bodies.served.at(-1)]).toEqual([{ 'd/x': 'overloaded' }, 'e/x']);
  });

  describe('while uploads hang', () => {
    it('goes to another tenant at once: the slowest upload of the largest user of the largest tenant is stopped', async () => {
      const bodies = new Bodies();
      await bodies.upload(15, 2, 'a/x');
      await bodies.upload(20, 2, 'a/y');
      await bodies.upload(20, 1, 'a/y 2');
      await bodies.upload(15, 1, 'a/z');
      await bodies.upload(30, 1, 'b/x');
      await pass(WAIT_MS);
      await bodies.ask(20, 'c/x');
      expect([bodies.served.at(-1), bodies.failed]).toEqual(['c/x', { 'a/y 2': 'overloaded' }]);
      expect(bodies.budget.heldBytes).toBe(100);
    });

    it('goes to another user of the same tenant, too', async () => {
      const bodies = new Bodies();
      await bodies.upload(35, 2, 'a/x');
      await bodies.upload(35, 1, 'a/y');
      await pass(WAIT_MS);
      await bodies.ask(30, 'a/z');
      expect([bodies.served.at(-1), bodies.failed]).toEqual(['a/z', { 'a/y': 'overloaded' }]);
    });

    it('is waited for while they are young, and then goes to who waits', async () => {
      const bodies = new Bodies();
      await bodies.upload(35, 2, 'a/x');
      await bodies.upload(35, 1, 'a/y');
      await pass(WAIT_MS - 1);
      await bodies.ask(30, 'a/z');
      expect(bodies.served).not.toContain('a/z');
      await pass(WAIT_MS);
      expect([bodies.served.at(-1), bodies.failed]).toEqual(['a/z', { 'a/y': 'overloaded' }]);
    });

    it('stays with who holds no more than the newcomer would: nobody stops another in turn', async () => {
      const bodies = new Bodies();
      await bodies.upload(40, 2, 'a/x', 'b/x');
      await pass(WAIT_MS);
      await bodies.ask(40, 'c/x', 'a/y');
      await pass(WAIT_MS);
      expect(bodies.failed).toEqual({ 'c/x': 'overloaded', 'a/y': 'overloaded' });
    });

    it('is had by as many as it takes, or by none when that is not enough', async () => {
      const bodies = new Bodies({ bytesPerTenant: 100 });
      for (const user of [1, 2, 3, 4, 5, 6]) await bodies.upload(10, user, `a/${user}`);
      await bodies.ask(20, 'a/x', 'a/y');
      await pass(WAIT_MS);
      await bodies.ask(35, 'c/x');
      expect([bodies.served.at(-1), Object.keys(bodies.failed)]).toEqual([
        'c/x',
        ['a/1', 'a/2', 'a/3', 'a/4'],
      ]);
      await bodies.ask(35, 'd/x');
      await pass(WAIT_MS);
      expect(Object.keys(bodies.failed).slice(4)).toEqual(['d/x']);
    });

    it('stays with bodies that have been received', async () => {
      const bodies = new Bodies();
      await bodies.upload(35, 35, 'a/x', 'a/y');
      for (const name of ['a/x', 'a/y']) bodies.shareOf(name).endUpload();
      await pass(WAIT_MS);
      await bodies.ask(30, 'a/z');
      await pass(WAIT_MS);
      expect(bodies.failed).toEqual({ 'a/z': 'overloaded' });
    });

    it('grows at the cost of who holds more', async () => {
      const bodies = new Bodies();
      await bodies.upload(35, 2, 'a/x');
      await bodies.upload(30, 2, 'a/y');
      await bodies.upload(20, 2, 'b/x');
      bodies.shareOf('b/x').growTo(40);
      expect([bodies.failed, bodies.budget.heldBytes]).toEqual([{ 'a/x': 'overloaded' }, 70]);
    });
  });

  describe('when many wait', () => {
    const full = async () => {
      const bodies = new Bodies({ waiting: 2 });
      await bodies.ask(40, 'a/x', 'b/x');
      return bodies;
    };

    it('is had at once by whom it has room for, though others wait for their own share', async () => {
      const bodies = await full();
      await bodies.ask(30, 'a/x 2', 'a/x 3', 'a/x 4');
      expect(bodies.failed).toEqual({ 'a/x 4': 'overloaded' });
      await bodies.ask(10, 'a/y', 'c/x');
      expect(bodies.served.slice(2)).toEqual(['a/y', 'c/x']);
    });

    it('can be waited for though all places to wait for an own share are taken', async () => {
      const bodies = await full();
      await bodies.ask(30, 'a/x 2', 'a/x 3', 'c/x', 'c/y');
      expect([bodies.failed, bodies.budget.waiting]).toEqual([{}, 4]);
    });

    it('has its places shared fairly: the newest waiter of the largest gives up its place', async () => {
      const bodies = await full();
      await bodies.ask(30, 'c/x', 'c/x 2', 'd/x');
      expect(bodies.failed).toEqual({ 'c/x 2': 'overloaded' });
      await bodies.ask(30, 'd/x 2');
      expect(bodies.failed).toEqual({ 'c/x 2': 'overloaded', 'd/x 2': 'overloaded' });
    });

    it('is waited for no more by whose connection has closed, and the next is served', async () => {
      const bodies = await full();
      await bodies.ask(30, 'c/x');
      await bodies.ask(15, 'd/x');
      bodies.connections.get('c/x')?.close();
      await turn();
      expect([bodies.failed, bodies.served.at(-1), bodies.budget.waiting]).toEqual([
        { 'c/x': 'malformed-request' },
        'd/x',
        0,
      ]);
      await pass(WAIT_MS);
      expect(bodies.budget.heldBytes).toBe(95);
    });

    it('is not waited for on a connection that has closed before', async () => {
      const { budget } = await full();
      const closed = new FakeConnection();
      closed.close();
      const member = { tenant: 'c', name: 'x' };
      await expect(budget.reserve(member, 30, closed)).rejects.toMatchObject({ name: 'malformed-request' });
      expect(budget.waiting).toBe(0);
    });
  });
});
