import { StoreUnavailable, type MemoryStore, type Store } from '#libs/store';
import type { SimulatedProcess, SimulatedTime } from './simulated-time-in-test.js';

const COMMAND_TIMEOUT_MS = 250;
/** So long after a failure nothing is asked for (`RedisPresence`). */
const DOUBT_MS = 250;

/** What becomes of a command on its way to the Store and back. What is lost breaks the connection. */
export interface Passage {
  readonly loses: 'nothing' | 'request' | 'reply';
  readonly requestMs: number;
  readonly replyMs: number;
  /** What happens to the process when the Store has done it, before it reads the reply. */
  readonly befalls?: Mishap | undefined;
}

/** Something that happens to a process, and how long it takes until it goes on. */
export interface Mishap {
  readonly does: 'stop' | 'suspend' | 'crash' | 'be deaf';
  readonly ms: number;
}

const CALM: Passage = { loses: 'nothing', requestMs: 1, replyMs: 1 };

/** Between one process and the Store: whatever is asked for comes in order, as long as the connection does not break. */
export class SimulatedLink {
  /** Messages of channels do not arrive until then. */
  deafUntilMs = 0;
  /** Between asking for the mark and the first byte. */
  isMarking = false;
  readonly store: Store;
  private downUntilMs = -Infinity;
  private lastRequestMs = 0;
  private lastReplyMs = 0;

  constructor(
    private readonly time: SimulatedTime,
    private readonly process: SimulatedProcess,
    private readonly memory: MemoryStore,
    private readonly nextPassage: () => Passage | undefined,
    /** Called at once when the Store has done a command. */
    private readonly done: (mishap: Mishap | undefined) => Promise<void>,
  ) {
    this.store = new Proxy<Store>(memory, { get: (_, name: keyof Store) => this.member(name) });
  }

  private get isUp(): boolean {
    return this.process.ownMs >= this.downUntilMs;
  }

  private member(name: keyof Store): unknown {
    if (name === 'isUp') return this.isUp;
    if (name === 'subscribe') return this.subscribe.bind(this);
    const member = Reflect.get(this.memory, name) as unknown;
    if (typeof member !== 'function' || name === 'requireRoom') return member;
    return (...words: unknown[]) => this.ask(() => Reflect.apply(member, this.memory, words));
  }

  private subscribe(channel: string, listener: (message: string) => void): () => void {
    return this.memory.subscribe(channel, (message) => {
      if (this.time.nowMs >= this.deafUntilMs)
        this.time.at(this.time.nowMs + 1, () => listener(message), this.process);
    });
  }

  private ask(act: () => unknown): Promise<unknown> {
    if (!this.isUp) return Promise.reject(new StoreUnavailable());
    return new Promise((resolve, reject) => {
      const fail = () => {
        clearTimeout(timer);
        this.downUntilMs = Math.max(this.downUntilMs, this.process.ownMs + DOUBT_MS);
        reject(new StoreUnavailable());
      };
      const timer = setTimeout(fail, COMMAND_TIMEOUT_MS);
      const answer = (reply: unknown) => {
        clearTimeout(timer);
        resolve(reply);
      };
      this.pass(this.nextPassage() ?? CALM, act, answer, fail);
    });
  }

  private pass(
    { loses, requestMs, replyMs, befalls }: Passage,
    act: () => unknown,
    answer: (reply: unknown) => void,
    fail: () => void,
  ): void {
    const { time, process } = this;
    if (loses === 'request') return this.break(time.nowMs + 1, fail);
    const arrivesAtMs = Math.max(this.lastRequestMs, time.nowMs + requestMs);
    this.lastRequestMs = arrivesAtMs;
    if (loses === 'reply') this.break(arrivesAtMs + 1, fail);
    time.at(arrivesAtMs, async () => {
      const reply = await act();
      await this.done(befalls);
      if (loses === 'reply') return;
      this.lastReplyMs = Math.max(this.lastReplyMs, time.nowMs + replyMs);
      time.at(this.lastReplyMs, () => answer(reply), process);
    });
  }

  /** What is on its way arrives all the same, and what the next connection brings may come before it. */
  private break(atMs: number, fail: () => void): void {
    [this.lastRequestMs, this.lastReplyMs] = [0, 0];
    this.time.at(atMs, fail, this.process);
  }
}
