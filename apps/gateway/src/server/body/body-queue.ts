import { FairRoom, type Member, type Occupant } from '#libs/limits';
import { brokenOff, Overloaded } from './body.problems.js';

/** What is seen of the connection on which a body comes. */
export interface Connection {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  off(event: 'close', listener: () => void): unknown;
}

export interface QueueOptions {
  /** How many wait at the same time for memory, and as many for a part of their own share. */
  readonly waiting: number;
  /** How long one waits at most. */
  readonly waitMs: number;
}

/** A body that waits for its share. */
export interface Waiter extends Occupant {
  readonly member: Member;
  readonly bytes: number;
  begin(): void;
}

export interface WaitRequest {
  readonly member: Member;
  readonly bytes: number;
  /** Whether it waits for bodies of its own user or tenant to end, and not for memory. */
  readonly isForOwn: boolean;
  /** It leaves when this closes. */
  readonly connection: Connection;
  /** Asked when it has waited for too long: whether it got its share now. */
  readonly lastTry: () => boolean;
}

/**
 * Bodies that wait for their share, in the order in which they came. The places are shared fairly between tenants, and the users of
 * each: when all are taken, who has the most gives up the newest for one who has fewer. Who waits for an own share takes no place from
 * those who wait for memory.
 */
export class BodyQueue implements Iterable<Waiter> {
  private readonly waiters = new Set<Waiter>();
  private readonly forMemory: FairRoom<Waiter>;
  private readonly forOwn: FairRoom<Waiter>;

  /** `left` is called when one has left without its share: the next may be somebody for whom there is room. */
  constructor(
    private readonly options: QueueOptions,
    private readonly left: () => void,
  ) {
    this.forMemory = new FairRoom(options.waiting);
    this.forOwn = new FairRoom(options.waiting);
  }

  get size(): number {
    return this.waiters.size;
  }

  [Symbol.iterator](): Iterator<Waiter> {
    return this.waiters.values();
  }

  /** Fulfilled when it has its share. Throws `Overloaded` without a place, or after too long, and `MalformedRequest` when the connection closes. */
  wait({ member, bytes, isForOwn, connection, lastTry }: WaitRequest): Promise<void> {
    if (connection.destroyed) return Promise.reject(brokenOff());
    const places = isForOwn ? this.forOwn : this.forMemory;
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        connection.off('close', onClose);
        this.waiters.delete(waiter);
        places.leave(member, waiter);
      };
      const refuse = (problem: Error) => {
        leave();
        reject(problem);
        this.left();
      };
      const begin = () => {
        leave();
        resolve();
      };
      const waiter: Waiter = { member, bytes, begin, giveWay: () => refuse(new Overloaded()) };
      const onClose = () => refuse(brokenOff());
      const timer = setTimeout(() => {
        leave();
        if (lastTry()) resolve();
        else waiter.giveWay();
      }, this.options.waitMs);
      connection.once('close', onClose);
      this.waiters.add(waiter);
      if (!places.enter(member, waiter)) waiter.giveWay();
    });
  }
}
