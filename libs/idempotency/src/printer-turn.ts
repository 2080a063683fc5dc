import { randomUUID } from 'node:crypto';
import { newLease, type Condition, type Leases, type Write } from '#libs/store';
import { nameOf, sendingOf, type Sending } from './open-submissions.js';

/** On which it is told that a turn has ended, at the printer that the message names. */
export const TURN_ENDED = 'turns:ended';

export function turnKey(printerId: string): string {
  return `turn:{${printerId}}`;
}

/** Where it stands which submission is open at a printer. */
export function openKey(printerId: string): string {
  return `turn:{${printerId}}:open`;
}

/**
 * The right to send a print to a printer, over all gateways: one has it at a time, from before its mark until its outcome is known. It is
 * renewed while it is held. Every change that is made under it names it, so that who has lost it changes nothing any more.
 */
export class PrinterTurn {
  readonly owner = randomUUID();
  /** What was sent in this turn, or in one before whose holder died, and has no known outcome. */
  open: Sending | undefined;
  /** It was given back, with the outcome of what was sent in it. */
  isOver = false;
  private stopRenewing = (): void => {};

  constructor(readonly printerId: string) {}

  isFree(): boolean {
    return this.open === undefined;
  }

  /** It was taken, and this was found to be open at the printer. */
  taken(found: string | undefined): void {
    this.open = found === undefined ? undefined : sendingOf(found);
  }

  /** That it is held still. */
  get whileHeld(): Condition {
    return { key: turnKey(this.printerId), is: this.owner };
  }

  /** That nothing else is open at the printer. */
  get whileNothingIsOpen(): Condition {
    return { key: openKey(this.printerId), is: undefined };
  }

  opening(sending: Sending, ttlMs: number): Write {
    return { set: openKey(this.printerId), value: nameOf(sending), ttlMs };
  }

  /** Gives it back, and tells those who wait. */
  get ending(): readonly Write[] {
    return [
      { remove: turnKey(this.printerId), value: this.owner },
      { publish: TURN_ENDED, message: this.printerId },
    ];
  }

  renewOn(leases: Leases, ttlMs: number): void {
    this.stopRenewing = leases.keepAlive(newLease(turnKey(this.printerId), ttlMs, this.owner));
  }

  over(): void {
    this.isOver = true;
    this.stopRenewing();
  }
}

/** The outcome of a submission at this printer is known, or is left to a person: the next may be sent. */
export function closing(printerId: string, sending: Sending): Write {
  return { remove: openKey(printerId), value: nameOf(sending) };
}

/** That this is what is open at the printer. */
export function whileOpenAt(printerId: string, sending: Sending): Condition {
  return { key: openKey(printerId), is: nameOf(sending) };
}

/** Should all state have been lost: it is open still, unless something else is by now. */
export function openingAnew(printerId: string, sending: Sending, ttlMs: number): Write {
  return { set: openKey(printerId), value: nameOf(sending), ttlMs, ifAbsent: true };
}
