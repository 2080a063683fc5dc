import { EventEmitter } from 'node:events';
import { Logger } from '@nestjs/common';
import { StoreFull } from './store.problems.js';
import { Records } from './records.js';
import { LEFT_REMEMBERED_MS, Reservations } from './reservations.js';
import {
  Store,
  type Change,
  type Lease,
  type Listener,
  type Outcome,
  type Room,
  type Take,
  type Turn,
  type TurnTaken,
  type Write,
} from './store.js';

/** However many find no room, all entries are looked through once in this time. */
const LOOK_THROUGH_MS = 1_000;
/** Looked through whenever there are twice as many as were left, or as these. */
const FEW_ENTRIES = 1_000;

type Content = string | number | Records | Map<string, number> | Reservations;

interface Entry {
  content: Content;
  endsAtMs: number;
}

export interface MemoryStoreOptions {
  /** So many expendable entries are kept; and beyond so many others nothing new is begun. */
  readonly maxEntries: number;
  readonly now: () => number;
}

/** The state of one process: bounded, and each entry ends to the millisecond. */
export class MemoryStore extends Store {
  readonly expendable: MemoryStore;
  readonly isShared = false;
  readonly isUp: boolean = true;
  readonly trouble = undefined;
  /** In the order in which entries were written: the first is the oldest. */
  private readonly entries = new Map<string, Entry>();
  private readonly channels = new EventEmitter().setMaxListeners(0);
  private readonly log = new Logger('Store');
  private lookedThroughAtMs = -Infinity;
  private lookThroughAtSize = 2 * FEW_ENTRIES;

  constructor(
    private readonly options: MemoryStoreOptions,
    private readonly isExpendable = false,
  ) {
    super();
    this.expendable = isExpendable ? this : new MemoryStore(options, true);
  }

  requireRoom(): void {
    const { maxEntries } = this.options;
    if (this.isExpendable || this.entries.size < maxEntries) return;
    this.lookThrough();
    if (this.entries.size >= maxEntries) throw new StoreFull();
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.text(key));
  }

  set(key: string, value: string, ttlMs: number): Promise<void> {
    return Promise.resolve(this.write(key, value, this.options.now() + ttlMs));
  }

  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.find(key)) return Promise.resolve(false);
    return this.set(key, value, ttlMs).then(() => true);
  }

  compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    if (this.text(key) !== expected) return Promise.resolve(false);
    this.write(key, value, this.options.now() + ttlMs);
    return Promise.resolve(true);
  }

  async getOrClaim(key: string, currentAt: number, lease: Lease) {
    const value = this.text(key);
    if (Number(/^\d+/.exec(value ?? '')?.[0] ?? 0) > currentAt) return { value, isClaimed: false };
    return { value, isClaimed: await this.setIfAbsent(lease.key, lease.owner, lease.ttlMs) };
  }

  async settleClaim(key: string, expected: string | undefined, value: string, ttlMs: number, lease: Lease) {
    const found = this.text(key);
    const isSet = found === undefined || found === expected;
    if (isSet) await this.set(key, value, ttlMs);
    await this.compareAndDelete(lease.key, lease.owner);
    return isSet;
  }

  commit({ conditions, takes = [], writes, notAfterMs = Infinity }: Change): Promise<Outcome> {
    const nowMs = this.options.now();
    const found = conditions.map(({ key }) => this.text(key));
    const holds = nowMs <= notAfterMs && conditions.every(({ is }, at) => found[at] === is);
    const rooms = holds ? takes.map((take) => this.roomFor(take)) : [];
    const isDone = holds && rooms.every(({ suffices }) => suffices);
    if (isDone) for (const take of takes) this.take(take);
    if (isDone) for (const write of writes) this.do(write);
    return Promise.resolve({ isDone, found, rooms, nowMs });
  }

  takeTurn({ key, waiter, owner, ttlMs, patienceMs, look }: Turn): Promise<TurnTaken> {
    const nowMs = this.options.now();
    const waiting = this.index(waitingKey(key));
    const holder = this.text(key);
    // Their order is that in which they came; the score says until when each waits.
    for (const [each, untilMs] of waiting) if (untilMs <= nowMs) waiting.delete(each);
    const isFirst = [...waiting.keys(), waiter][0] === waiter;
    const isTaken = holder === owner || (holder === undefined && isFirst);
    if (isTaken) waiting.delete(waiter);
    else waiting.set(waiter, nowMs + patienceMs);
    this.write(waitingKey(key), waiting, nowMs + ttlMs + patienceMs);
    if (isTaken) this.write(key, owner, nowMs + ttlMs);
    return Promise.resolve({ isTaken, found: this.text(look), nowMs });
  }

  leaveTurn(key: string, waiter: string): Promise<void> {
    return Promise.resolve(void this.index(waitingKey(key)).delete(waiter));
  }

  time(): Promise<number> {
    return Promise.resolve(this.options.now());
  }

  compareAndDelete(key: string, expected: string): Promise<boolean> {
    return Promise.resolve(this.text(key) === expected && this.entries.delete(key));
  }

  delete(key: string): Promise<void> {
    return Promise.resolve(void this.entries.delete(key));
  }

  increment(key: string, by: number, ttlMs: number): Promise<number> {
    this.add(key, by, ttlMs);
    return Promise.resolve(this.number(key));
  }

  readReserved(key: string): Promise<number> {
    return Promise.resolve(this.reservationsOf(key).read());
  }

  readIndex(key: string, maxScore: number, limit: number): Promise<{ member: string; score: number }[]> {
    const members = [...this.index(key)].map(([member, score]) => ({ member, score }));
    const fitting = members.filter(({ score }) => score <= maxScore);
    return Promise.resolve(fitting.sort(highestFirst).slice(0, limit));
  }

  append(stream: string, record: string, maxLength: number): Promise<void> {
    const records = this.recordsOf(stream);
    records.append(record, this.options.now(), maxLength);
    return Promise.resolve(this.write(stream, records, Infinity));
  }

  readLast(stream: string, limit: number): Promise<string[]> {
    return Promise.resolve(this.recordsOf(stream).last(limit));
  }

  dropOlder(stream: string, ageMs: number): Promise<void> {
    return Promise.resolve(this.recordsOf(stream).dropBefore(this.options.now() - ageMs));
  }

  publish(channel: string, message: string): Promise<void> {
    // As over a network: the publisher goes on before anybody hears it.
    queueMicrotask(() => this.channels.emit(channel, message));
    return Promise.resolve();
  }

  subscribe(channel: string, listener: Listener): () => void {
    this.channels.on(channel, listener);
    return () => this.channels.off(channel, listener);
  }

  close(): Promise<void> {
    this.entries.clear();
    if (!this.isExpendable) void this.expendable.close();
    this.channels.removeAllListeners();
    return Promise.resolve();
  }

  private roomFor(take: Take): Room {
    if ('keep' in take) return this.reservationsOf(take.keep).roomOf(take.member);
    if ('reserve' in take) return this.reservationsOf(take.reserve).roomFor(take.reservation, take.limit);
    const sum = this.expendable.number(take.count);
    return { sum, suffices: sum < take.limit };
  }

  private take(take: Take): void {
    if ('keep' in take) return this.reservationsOf(take.keep).keep(take.member);
    if ('count' in take) return this.expendable.add(take.count, 1, take.ttlMs);
    const reservations = this.reservationsOf(take.reserve);
    if (reservations.isEmpty) this.write(take.reserve, reservations, this.options.now() + take.ttlMs);
    reservations.reserve(take.reservation);
  }

  private do(write: Write): void {
    const nowMs = this.options.now();
    if ('set' in write) {
      if (!write.ifAbsent || !this.find(write.set)) this.write(write.set, write.value, nowMs + write.ttlMs);
    } else if ('remove' in write) this.removeText(write);
    else if ('list' in write) this.addToIndex(write, nowMs);
    else if ('unlist' in write) this.index(write.unlist).delete(write.member);
    else if ('lower' in write) this.lowerReserved(write);
    else if ('publish' in write) void this.publish(write.publish, write.message);
    else void this.append(write.append, write.record, write.maxLength);
  }

  private lowerReserved({ lower: key, member, to }: Extract<Write, { lower: string }>): void {
    const reservations = this.reservationsOf(key);
    reservations.lower(member, to);
    if (!this.find(key)) this.write(key, reservations, this.options.now() + LEFT_REMEMBERED_MS);
  }

  private removeText({ remove, value }: Extract<Write, { remove: string }>): void {
    if (value === undefined || this.text(remove) === value) this.entries.delete(remove);
  }

  private addToIndex(
    { list, member, score, ttlMs, minScore = -Infinity }: Extract<Write, { list: string }>,
    nowMs: number,
  ): void {
    const index = this.index(list);
    index.set(member, score);
    for (const [each, at] of index) if (at < minScore) index.delete(each);
    this.write(list, index, nowMs + ttlMs);
  }

  private find(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (!entry || entry.endsAtMs > this.options.now()) return entry;
    this.entries.delete(key);
    return undefined;
  }

  private reservationsOf(key: string): Reservations {
    const content = this.find(key)?.content;
    return content instanceof Reservations ? content : new Reservations(this.options.now);
  }

  private recordsOf(stream: string): Records {
    const content = this.find(stream)?.content;
    return content instanceof Records ? content : new Records();
  }

  private number(key: string): number {
    const content = this.find(key)?.content;
    return typeof content === 'number' ? content : 0;
  }

  private add(key: string, by: number, ttlMs: number): void {
    const endsAtMs = this.find(key)?.endsAtMs ?? this.options.now() + ttlMs;
    this.write(key, this.number(key) + by, endsAtMs);
  }

  private text(key: string): string | undefined {
    const content = this.find(key)?.content;
    return typeof content === 'string' ? content : undefined;
  }

  private index(key: string): Map<string, number> {
    const content = this.find(key)?.content;
    return content instanceof Map ? content : new Map<string, number>();
  }

  private write(key: string, content: Content, endsAtMs: number): void {
    this.entries.delete(key);
    this.entries.set(key, { content, endsAtMs });
    const { size } = this.entries;
    if (!this.isExpendable && size > this.lookThroughAtSize) this.lookThrough();
    const [oldest] = this.isExpendable && size > this.options.maxEntries ? this.entries.keys() : [];
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  /** Takes away what is over. */
  private lookThrough(): void {
    const nowMs = this.options.now();
    if (nowMs - this.lookedThroughAtMs < LOOK_THROUGH_MS) return;
    this.lookedThroughAtMs = nowMs;
    for (const [key, { endsAtMs }] of this.entries) if (endsAtMs <= nowMs) this.entries.delete(key);
    this.lookThroughAtSize = 2 * Math.max(FEW_ENTRIES, this.entries.size);
    if (this.entries.size >= this.options.maxEntries)
      this.log.error('no room for what must not be lost: set REDIS_URL, or raise MEMORY_STORE_ENTRIES');
  }
}

/** Who waits for a turn, in the order of asking, and until when. */
function waitingKey(key: string): string {
  return `${key}:waiting`;
}

function highestFirst(a: { member: string; score: number }, b: { member: string; score: number }): number {
  return b.score - a.score || (a.member < b.member ? 1 : -1);
}
