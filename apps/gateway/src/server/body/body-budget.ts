import { MemberUsage, type Member } from '#libs/limits';
import { BodyQueue, type Connection, type QueueOptions, type Waiter } from './body-queue.js';
import { Overloaded } from './body.problems.js';
import type { Upload } from './slow-uploads.js';
import { uploadsToStop, type IncomingBody } from './stoppable-uploads.js';

/** So long an upload is never stopped for one that comes later, and could wait. */
const SURE_MS = 2_000;

export interface BudgetOptions extends QueueOptions {
  /** What all bodies under way may hold together. */
  readonly bytes: number;
  /** What those of one tenant may hold together, however much is free. */
  readonly bytesPerTenant: number;
  /** What those of one user may hold together. */
  readonly bytesPerUser: number;
}

/** What one body holds of the budget. */
export interface BodyShare {
  /**
   * Takes so many bytes in all, at once: who holds a share does not wait, or half-read bodies would wait for each other. Throws
   * `Overloaded`.
   */
  growTo(bytes: number): void;
  /** From now on until `endUpload` the upload may be stopped, with `Overloaded`, and its bytes given to others. */
  beginUpload(upload: Upload): void;
  endUpload(): void;
  /** Gives it back, the first time only. */
  release(): void;
}

interface Holding {
  readonly member: Member;
  bytes: number;
}

type Incoming = Holding & IncomingBody;

/**
 * One budget of bytes for all bodies that are being received, checked or printed, shared fairly by tenants, and by the users of each.
 * Who finds none free waits. Shares go first to the tenants, and within them to the users, who hold the least. A body that is still
 * being received gives way to somebody who holds less (`uploadsToStop`), so that what is announced and does not come keeps nobody out.
 * One that was received is never stopped.
 */
export class BodyBudget {
  private readonly held = new MemberUsage();
  private readonly incoming = new Set<Incoming>();
  private readonly queue: BodyQueue;

  constructor(private readonly options: BudgetOptions) {
    this.queue = new BodyQueue(options, () => this.serve());
  }

  get heldBytes(): number {
    return this.held.total;
  }

  get waiting(): number {
    return this.queue.size;
  }

  /** At once where there is room, else waits for it. Throws what `BodyQueue.wait` throws. */
  reserve(member: Member, bytes: number, connection: Connection): BodyShare | Promise<BodyShare> {
    const sureMs = Math.min(SURE_MS, this.options.waitMs);
    if (this.isNext(member) && this.take(member, bytes, sureMs)) return this.share(member, bytes);
    return this.queue
      .wait({
        member,
        bytes,
        isForOwn: !this.isWithinOwn({ member, bytes }),
        connection,
        lastTry: () => this.take(member, bytes, 0),
      })
      .then(() => this.share(member, bytes));
  }

  private share(member: Member, bytes: number): BodyShare {
    const holding: Holding = { member, bytes };
    let incoming: Incoming | undefined;
    const endUpload = () => {
      if (incoming) this.incoming.delete(incoming);
    };
    return {
      growTo: (wanted) => {
        const more = wanted - holding.bytes;
        if (more <= 0) return;
        if (!this.take(member, more, 0)) throw new Overloaded();
        holding.bytes = wanted;
      },
      beginUpload: (upload) => {
        incoming = Object.assign(holding, { upload });
        this.incoming.add(incoming);
      },
      endUpload,
      release: () => {
        endUpload();
        this.giveBack(holding);
        this.serve();
      },
    };
  }

  /** False, and nothing has changed, when there is no room, and none is to be made by stopping uploads that are older than this. */
  private take(member: Member, bytes: number, sureMs: number): boolean {
    const stopped = this.fits(member, bytes) ? [] : this.toStop(member, bytes, sureMs);
    if (!stopped) return false;
    for (const body of stopped) this.stop(body);
    this.held.add(member, bytes);
    if (stopped.length > 0) this.serve();
    return true;
  }

  private toStop(member: Member, bytes: number, sureMs: number): Incoming[] | undefined {
    if (this.exceedsUser(member, bytes)) return undefined;
    const startedMs = performance.now() - sureMs;
    const old = [...this.incoming].filter(({ upload }) => upload.startedMs <= startedMs);
    return uploadsToStop(old, this.held, member, bytes, this.options);
  }

  private stop(body: Incoming): void {
    this.incoming.delete(body);
    this.giveBack(body);
    body.upload.stop(new Overloaded());
  }

  private giveBack(holding: Holding): void {
    this.held.add(holding.member, -holding.bytes);
    holding.bytes = 0;
  }

  /** Lets in whoever is next, as long as there is room for them: who needs much is not passed by those who hold as much and need little. */
  private serve(): void {
    for (let next = this.next(); next && this.fits(next.member, next.bytes); next = this.next()) {
      this.held.add(next.member, next.bytes);
      next.begin();
    }
  }

  /** Who waits for a part of their own share is not waited for by others. */
  private next(): Waiter | undefined {
    let next: Waiter | undefined;
    for (const waiter of this.queue)
      if (this.isWithinOwn(waiter) && (!next || this.holdsLess(waiter.member, next.member))) next = waiter;
    return next;
  }

  /** Whether somebody who comes now has a share before all that wait. */
  private isNext(member: Member): boolean {
    if (this.queue.size === 0) return true;
    const next = this.next();
    return !next || this.holdsLess(member, next.member);
  }

  private holdsLess(one: Member, other: Member): boolean {
    const tenants = this.held.of(one.tenant) - this.held.of(other.tenant);
    if (tenants !== 0) return tenants < 0;
    return this.held.of(one.tenant, one.name) < this.held.of(other.tenant, other.name);
  }

  private fits(member: Member, bytes: number): boolean {
    return this.held.total + bytes <= this.options.bytes && this.isWithinOwn({ member, bytes });
  }

  private isWithinOwn({ member, bytes }: Holding | Waiter): boolean {
    return (
      this.held.of(member.tenant) + bytes <= this.options.bytesPerTenant && !this.exceedsUser(member, bytes)
    );
  }

  private exceedsUser({ tenant, name }: Member, bytes: number): boolean {
    return this.held.of(tenant, name) + bytes > this.options.bytesPerUser;
  }
}
