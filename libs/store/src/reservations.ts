import type { Reservation, Room } from './store.js';

/** A reservation that was asked for arrives within this time, or never. */
export const LEFT_REMEMBERED_MS = 600_000;

/** The reservations of one sum, in this process. */
export class Reservations {
  private sum = 0;
  private readonly reserved = new Map<string, number>();
  /** Until when those stand that are not kept; and of those who have nothing reserved any more, until when that is remembered. */
  private readonly times = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  /** Whether nobody has anything reserved. */
  get isEmpty(): boolean {
    return this.reserved.size === 0;
  }

  /** What is reserved, and whether this stands already or can. */
  roomFor({ member, amount }: Reservation, limit: number): Room {
    this.takeOverdueAway();
    const fits = this.sum + amount <= limit && !this.times.has(member);
    return { sum: this.sum, suffices: this.reserved.has(member) || fits };
  }

  reserve({ member, amount, heldMs }: Reservation): void {
    if (this.reserved.has(member)) return;
    this.reserved.set(member, amount);
    this.times.set(member, this.now() + heldMs);
    this.sum += amount;
  }

  /** What is reserved, and whether this member has any of it. */
  roomOf(member: string): Room {
    this.takeOverdueAway();
    return { sum: this.sum, suffices: this.reserved.has(member) };
  }

  keep(member: string): void {
    this.times.delete(member);
  }

  lower(member: string, to: number): void {
    this.takeOverdueAway();
    const before = this.reserved.get(member) ?? 0;
    const left = Math.min(before, Math.max(0, to));
    this.sum -= before - left;
    if (left > 0) {
      this.reserved.set(member, left);
      return;
    }
    this.reserved.delete(member);
    this.times.set(member, this.now() + LEFT_REMEMBERED_MS);
  }

  read(): number {
    this.takeOverdueAway();
    return this.sum;
  }

  private takeOverdueAway(): void {
    const nowMs = this.now();
    for (const [member, untilMs] of this.times) {
      if (untilMs > nowMs) continue;
      this.sum -= this.reserved.get(member) ?? 0;
      this.reserved.delete(member);
      this.times.delete(member);
    }
  }
}
