import { setImmediate as turn } from 'node:timers/promises';
import { BodyBudget, type BodyShare } from './body-budget.js';
import { Overloaded } from './body.problems.js';

const budgetOf = (changes: Partial<ConstructorParameters<typeof BodyBudget>[0]> = {}) =>
  new BodyBudget({ bytes: 100, bytesPerCaller: 60, waiting: 10, waitMs: 60_000, ...changes });

/** Asks for shares, and notes who has got one, in order. */
class Callers {
  readonly served: string[] = [];
  readonly shares = new Map<string, BodyShare>();

  constructor(private readonly budget: BodyBudget) {}

  async ask(name: string, bytes: number): Promise<void> {
    const share = await this.budget.reserve(name.charAt(0), bytes);
    this.served.push(name);
    this.shares.set(name, share);
  }

  async end(name: string): Promise<void> {
    this.shares.get(name)?.release();
    await turn();
  }
}

describe('the memory of all bodies', () => {
  it('is given to whoever it has room for, and waited for by others', async () => {
    const budget = budgetOf();
    const callers = new Callers(budget);
    await Promise.all([callers.ask('a', 50), callers.ask('b', 50)]);
    const last = callers.ask('c', 20);
    await turn();
    expect([callers.served, budget.heldBytes, budget.waiting]).toEqual([['a', 'b'], 100, 1]);
    await callers.end('a');
    await last;
    expect([budget.heldBytes, budget.waiting]).toEqual([70, 0]);
    await Promise.all(['a', 'b', 'b', 'c'].map((name) => callers.end(name)));
    expect(budget.heldBytes).toBe(0);
  });

  it('is never all one caller’s, and who has their part is not waited for', async () => {
    const budget = budgetOf();
    const callers = new Callers(budget);
    await callers.ask('a1', 60);
    const second = callers.ask('a2', 30);
    await turn();
    await callers.ask('b', 40);
    expect(callers.served).toEqual(['a1', 'b']);
    await callers.end('a1');
    await second;
    expect(callers.served).toEqual(['a1', 'b', 'a2']);
  });

  it('goes to those first who hold the least, and who needs much is not passed by', async () => {
    const callers = new Callers(budgetOf());
    await Promise.all([callers.ask('a1', 30), callers.ask('b1', 40), callers.ask('c1', 30)]);
    const waiting = [callers.ask('a2', 30), callers.ask('d', 50), callers.ask('e', 5)];
    await callers.end('c1');
    expect(callers.served).toHaveLength(3);
    await callers.end('b1');
    await Promise.all(waiting.slice(1));
    expect(callers.served.slice(3)).toEqual(['d', 'e']);
    await callers.end('d');
    await waiting[0];
  });

  it('grows for who holds some, without waiting', async () => {
    const budget = budgetOf();
    const share = await budget.reserve('a', 10);
    share.growTo(60);
    share.growTo(20);
    expect(budget.heldBytes).toBe(60);
    expect(() => share.growTo(61)).toThrow(Overloaded);
    share.release();
    expect(budget.heldBytes).toBe(0);
  });

  it('is refused when too many wait, or one too long, and the next is served', async () => {
    const callers = new Callers(budgetOf({ waiting: 1, waitMs: 20 }));
    await Promise.all([callers.ask('a', 50), callers.ask('b', 40)]);
    const waiting = callers.ask('c', 20);
    await expect(callers.ask('d', 1)).rejects.toThrow(Overloaded);
    await expect(waiting).rejects.toThrow(Overloaded);
    await callers.ask('e', 10);
    expect(callers.served).toEqual(['a', 'b', 'e']);
  });
});
