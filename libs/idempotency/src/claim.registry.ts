import { randomUUID } from 'node:crypto';
import type { SecretKeys } from '#libs/secrets';
import { StoreUnavailable, type Store, type WriteBehind } from '#libs/store';
import {
  completed,
  dispatched,
  isOpen,
  isUnknown,
  meet,
  unknown,
  type Claim,
  type Claimed,
  type Dispatched,
  type Meeting,
  type StoredResponse,
  type Unknown,
} from './claim.machine.js';
import { decodeClaim, encodeClaim } from './encoded-claim.js';
import { fingerprintOf, isOfAnotherBody } from './fingerprint.js';
import { OpenSubmissions, type Sending } from './open-submissions.js';
import { submissionId, type Submission } from './submission.js';

interface Conclusion {
  readonly id: string;
  readonly from: Claim;
  /** Undefined frees the key. */
  readonly to: Claim | undefined;
}

/** All in milliseconds. */
export interface ClaimTimes {
  /** How long a claim is held before its request is sent, unless it is renewed. */
  readonly leaseMs: number;
  /** How long a call may take. */
  readonly callMs: number;
  /** After so much more its gateway must have died. */
  readonly marginMs: number;
  readonly completedMs: number;
  readonly unknownMs: number;
}

/** A submission that was sent and has no known end yet; `isRunning` while its gateway may still see the end itself. */
export type OpenSubmission = (Unknown | Dispatched) & { readonly id: string; readonly isRunning: boolean };

/** The claims on the Store. Each transition is one atomic step, which only the holder of the claim can make. */
export class ClaimRegistry {
  private readonly open: OpenSubmissions;

  constructor(
    private readonly store: Store,
    private readonly unwritten: WriteBehind,
    private readonly keys: SecretKeys,
    private readonly times: ClaimTimes,
    private readonly now: () => number,
    /** Whether what has no key may be sent before it is noted: for a gateway that shares its printers with no other. */
    private readonly maySendUnnoted = false,
  ) {
    this.open = new OpenSubmissions(store, times.unknownMs);
  }

  /** Claims the key; or says what stands in the way, or what the answer was. Throws `StoreUnavailable`. */
  async claim(submission: Submission): Promise<Claimed | Exclude<Meeting, 'free'>> {
    const hashing = await this.keys.keyFor('fingerprint');
    const [key, fingerprint] = [keyOf(submissionId(submission)), fingerprintOf(submission, hashing)];
    const claim: Claimed = { state: 'claimed', fingerprint, token: randomUUID() };
    if (await this.store.setIfAbsent(key, encodeClaim(claim), this.times.leaseMs)) return claim;
    const found = decodeClaim(await this.store.get(key));
    const isAnother = found !== undefined && isOfAnotherBody(found.fingerprint, submission, hashing);
    const met = meet(found, isAnother, this.now());
    // What stood in the way has gone in between: the caller asks again.
    return met === 'free' ? 'running' : met;
  }

  /** Renews the lease of a claim until the returned function is called. */
  holdOn(id: string, claim: Claimed): () => void {
    const renew = () => this.replace({ id, from: claim, to: claim }, this.times.leaseMs).catch(() => false);
    const timer = setInterval(() => void renew(), this.times.leaseMs / 3);
    return () => clearInterval(timer);
  }

  /**
   * Before the first byte can leave, and as durable as the Store can make it. Undefined when the lease was over and the
   * key is another's: nothing may be sent. Throws `StoreUnavailable` and `StoreFull`: nothing may be sent either.
   */
  async dispatch(claim: Claimed, submission: Submission): Promise<Dispatched | undefined> {
    const id = submissionId(submission);
    const sent = dispatched(claim, submission, true, this.timesOfSending());
    const [key, before, after] = [keyOf(id), encodeClaim(claim), encodeClaim(sent)];
    try {
      this.store.requireRoom();
      await this.open.add({ id, token: sent.token }, sent.dispatchedAtMs);
      const isOurs = await this.store.compareAndSetDurably(key, before, after, this.times.unknownMs);
      return isOurs ? sent : undefined;
    } catch (error) {
      // The mark may stand, and its reply be lost. Nothing was sent, so it is taken away again, whichever it is.
      void this.release(id, sent);
      void this.release(id, claim);
      throw error;
    }
  }

  /**
   * Notes what is sent without a key: nobody comes back for it, but its job must be told from those of others. Throws
   * `StoreUnavailable` and `StoreFull`, and nothing may be sent: another gateway would take its job for that of a print whose answer was lost.
   */
  async dispatchWithoutKey(submission: Submission, token: string): Promise<Dispatched> {
    this.store.requireRoom();
    const [id, claim] = [submissionId(submission), { fingerprint: '', token }];
    const sent = dispatched(claim, submission, false, this.timesOfSending());
    const note = async () => {
      // The claim first: who looks through the list meanwhile takes away what has none.
      await this.store.set(keyOf(id), encodeClaim(sent), this.times.unknownMs);
      await this.open.add({ id, token: sent.token }, sent.dispatchedAtMs);
    };
    if (this.maySendUnnoted) await this.unwritten.write('a print without a key', note);
    else {
      // What cannot have been written leaves nothing to take away later.
      if (!this.store.isUp) throw new StoreUnavailable();
      await note().catch((error: unknown) => {
        void this.release(id, sent);
        throw error;
      });
    }
    return sent;
  }

  /** Whether it is too late to send: others may soon take this gateway for dead, and its key for free. */
  isLate({ dispatchedAtMs }: Dispatched): boolean {
    return this.now() - dispatchedAtMs > this.times.marginMs / 3;
  }

  /** The answer is known; it is kept, later if it cannot be now. */
  complete(id: string, from: Claim, response: StoredResponse): Promise<void> {
    return this.conclude({ id, from, to: completed(from, response) });
  }

  /** Nothing was done, provably, or nobody comes back for it: the key is free again. */
  release(id: string, from: Claim): Promise<void> {
    return this.conclude({ id, from, to: undefined });
  }

  loseTrack(id: string, from: Dispatched): Promise<void> {
    return this.conclude({ id, from, to: unknown(from, this.now()) });
  }

  /** Everything that was sent and has no known end, newest first; `isComplete` when nothing more is open. */
  async listOpen(): Promise<{ submissions: OpenSubmission[]; isComplete: boolean }> {
    const { sendings, isComplete } = await this.open.list();
    const found = await Promise.all(sendings.map((sending) => this.lookAt(sending)));
    return { submissions: found.filter((each) => each !== undefined), isComplete };
  }

  /** What nobody knows the outcome of; also of gateways that died. */
  async listUnknown(): Promise<OpenSubmission[]> {
    return (await this.listOpen()).submissions.filter(({ isRunning }) => !isRunning);
  }

  async findUnknown(id: string): Promise<OpenSubmission | undefined> {
    const found = await this.findOpen(id);
    return found?.isRunning ? undefined : found;
  }

  /** Settles one of these; false when it has changed meanwhile. Undefined as the response: nothing was done. */
  async settle(
    { id, isRunning, ...from }: OpenSubmission,
    response: StoredResponse | undefined,
  ): Promise<boolean> {
    const to = response && from.isKeyed ? completed(from, response) : undefined;
    const isSettled = await this.replace({ id, from, to }, this.times.completedMs);
    if (isSettled) await this.open.remove({ id, token: from.token });
    return isSettled;
  }

  /** An entry whose claim is gone can never be sent any more, and is taken away. */
  private async lookAt(sending: Sending): Promise<OpenSubmission | undefined> {
    const claim = decodeClaim(await this.store.get(keyOf(sending.id)));
    if (claim?.token !== sending.token) await this.open.remove(sending);
    return claim?.token === sending.token ? this.asOpen(sending.id, claim) : undefined;
  }

  private async findOpen(id: string): Promise<OpenSubmission | undefined> {
    return this.asOpen(id, decodeClaim(await this.store.get(keyOf(id))));
  }

  private asOpen(id: string, claim: Claim | undefined): OpenSubmission | undefined {
    return isOpen(claim) ? { ...claim, id, isRunning: !isUnknown(claim, this.now()) } : undefined;
  }

  private timesOfSending() {
    const dispatchedAtMs = this.now();
    return { dispatchedAtMs, endsAtMs: dispatchedAtMs + this.times.callMs + this.times.marginMs };
  }

  private conclude(conclusion: Conclusion): Promise<void> {
    return this.unwritten.write('the outcome of a request', () => this.write(conclusion));
  }

  private async write(conclusion: Conclusion): Promise<void> {
    const staysOpen = conclusion.to?.state === 'unknown';
    const isOurs = await this.replace(conclusion, staysOpen ? this.times.unknownMs : this.times.completedMs);
    const sending = { id: conclusion.id, token: conclusion.from.token };
    // What is not ours any more was concluded before: by this same write, perhaps, whose reply was lost.
    const isOver = isOurs ? !staysOpen : !(await this.lookAt(sending));
    if (isOver) await this.open.remove(sending);
  }

  private replace({ id, from, to }: Conclusion, ttlMs: number): Promise<boolean> {
    const [key, before] = [keyOf(id), encodeClaim(from)];
    return to
      ? this.store.compareAndSet(key, before, encodeClaim(to), ttlMs)
      : this.store.compareAndDelete(key, before);
  }
}

function keyOf(id: string): string {
  return `{${id}}:claim`;
}
