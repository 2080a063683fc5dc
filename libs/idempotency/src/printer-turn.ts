import { randomUUID } from 'node:crypto';
import { newLease, type Condition, type Leases, type Write } from '#libs/store';
import { decodeRef, encodeRef, type InFlightRef } from './in-flight-index.js';

/** On which it is told that a turn has ended, at the printer that the message names. */
export const TURN_ENDED = 'turns:ended';

export function turnKey(printerId: string): string {
  return `turn:{${printerId}}`;
}

/** Where it stands which submission is in flight at a printer. */
export function inFlightKey(printerId: string): string {
  return `turn:{${printerId}}:open`;
}

/**
 * The right to send a print to a printer, over all gateways: one has it at a time, from before its mark until its outcome is known. It is
 * renewed while it is held. Every change that is made under it names it, so that who has lost it changes nothing any more.
 */
export class PrinterTurn {
  readonly owner = randomUUID();
  /** What was sent in this turn, or in one before whose holder died, and has no known outcome. */
  inFlight: InFlightRef | undefined;
  /** It was given back, with the outcome of what was sent in it. */
  hasEnded = false;
  private stopRenewing = (): void => {};

  constructor(readonly printerId: string) {}

  isFree(): boolean {
    return this.inFlight === undefined;
  }

  /** It was taken, and this was found to be in flight at the printer. */
  onTaken(found: string | undefined): void {
    this.inFlight = found === undefined ? undefined : decodeRef(found);
  }

  /** That it is held still. */
  get isHeldCondition(): Condition {
    return { key: turnKey(this.printerId), is: this.owner };
  }

  /** That nothing else is in flight at the printer. */
  get isFreeCondition(): Condition {
    return { key: inFlightKey(this.printerId), is: undefined };
  }

  inFlightWrite(ref: InFlightRef, ttlMs: number): Write {
    return { set: inFlightKey(this.printerId), value: encodeRef(ref), ttlMs };
  }

  /** Gives it back, and tells those who wait. */
  get endWrites(): readonly Write[] {
    return [
      { remove: turnKey(this.printerId), value: this.owner },
      { publish: TURN_ENDED, message: this.printerId },
    ];
  }

  keepAlive(leases: Leases, ttlMs: number): void {
    this.stopRenewing = leases.keepAlive(newLease(turnKey(this.printerId), ttlMs, this.owner));
  }

  end(): void {
    this.hasEnded = true;
    this.stopRenewing();
  }
}

/** The outcome of a submission at this printer is known, or is left to a person: the next may be sent. */
export function clearInFlight(printerId: string, ref: InFlightRef): Write {
  return { remove: inFlightKey(printerId), value: encodeRef(ref) };
}

/** That this is what is in flight at the printer. */
export function isInFlightCondition(printerId: string, ref: InFlightRef): Condition {
  return { key: inFlightKey(printerId), is: encodeRef(ref) };
}

/** Should all state have been lost: it is in flight still, unless something else is by now. */
export function restoreInFlight(printerId: string, ref: InFlightRef, ttlMs: number): Write {
  return { set: inFlightKey(printerId), value: encodeRef(ref), ttlMs, ifAbsent: true };
}
