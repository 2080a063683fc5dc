import { randomUUID } from 'node:crypto';
import { WriteBehind, type Store } from '#libs/store';
import {
  completed,
  dispatched,
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
import { fingerprintOf, submissionId, type Submission } from './submission.js';

const OPEN = 'submissions:open';
const MAX_LISTED = 1_000;

interface Conclusion {
  readonly id: string;
  readonly from: Claim;
  /** Undefined frees the key. */
  readonly to: Claim | undefined;
}

/** All in milliseconds. */
export interface ClaimTimes {
  /** How long a claim is held before its request is sent. */
  readonly leaseMs: number;
  /** After so long a request that was sent has ended, one way or the other: longer than any call may take. */
  readonly sentMs: number;
  readonly completedMs: number;
  readonly unknownMs: number;
}

/** A submission of unknown outcome, for somebody to settle. */
export type UnknownSubmission = (Unknown | Dispatched) & { readonly id: string };

/** The claims on the Store. Each transition is one atomic step, which only the holder of the claim can make. */
export class ClaimRegistry {
  private readonly conclusions: WriteBehind<Conclusion>;

  constructor(
    private readonly store: Store,
    private readonly times: ClaimTimes,
    private readonly now: () => number,
  ) {
    this.conclusions = new WriteBehind<Conclusion>('outcomes of requests with a key', (each) =>
      this.write(each),
    );
  }

  /** Claims the key; or says what stands in the way, or what the answer was. Throws `StoreUnavailable`. */
  async claim(submission: Submission): Promise<Claimed | Exclude<Meeting, 'free'>> {
    const [key, fingerprint] = [keyOf(submissionId(submission)), fingerprintOf(submission)];
    const claim: Claimed = { state: 'claimed', fingerprint, token: randomUUID() };
    if (await this.store.setIfAbsent(key, JSON.stringify(claim), this.times.leaseMs)) return claim;
    const met = meet(decode(await this.store.get(key)), fingerprint, this.now());
    // What stood in the way has gone in between: the caller asks again.
    return met === 'free' ? 'running' : met;
  }

  /** Before the first byte can leave. Undefined when the lease was over and the key is another's: nothing may be sent. */
  async dispatch(claim: Claimed, submission: Submission): Promise<Dispatched | undefined> {
    const id = submissionId(submission);
    const sent = dispatched(claim, submission, this.now(), this.times.sentMs);
    try {
      await this.store.addToIndex(OPEN, id, sent.dispatchedAtMs, this.times.unknownMs);
      return (await this.replace({ id, from: claim, to: sent }, this.times.unknownMs)) ? sent : undefined;
    } catch (error) {
      // The mark may stand, and its reply be lost. Nothing was sent, so it is taken away again.
      void this.release(id, sent);
      throw error;
    }
  }

  /** The answer is known; it is kept, later if it cannot be now. */
  complete(id: string, from: Claim, response: StoredResponse): Promise<void> {
    return this.conclusions.write({ id, from, to: completed(from, response) });
  }

  /** Nothing was done, provably: the key is free again. */
  release(id: string, from: Claim): Promise<void> {
    return this.conclusions.write({ id, from, to: undefined });
  }

  loseTrack(id: string, from: Dispatched): Promise<void> {
    return this.conclusions.write({ id, from, to: unknown(from) });
  }

  /** What nobody knows the outcome of, oldest last; also of gateways that died. */
  async listUnknown(): Promise<UnknownSubmission[]> {
    const open = await this.store.readIndex(OPEN, Infinity, MAX_LISTED);
    const found = await Promise.all(open.map(({ member }) => this.findUnknown(member)));
    return found.filter((each) => each !== undefined);
  }

  async findUnknown(id: string): Promise<UnknownSubmission | undefined> {
    const claim = decode(await this.store.get(keyOf(id)));
    return claim && isUnknown(claim, this.now()) ? { ...claim, id } : undefined;
  }

  /** Settles one of these; false when it has changed meanwhile. Undefined as the response: nothing was done. */
  async settle({ id, ...from }: UnknownSubmission, response: StoredResponse | undefined): Promise<boolean> {
    const isSettled = await this.replace(
      { id, from, to: response && completed(from, response) },
      this.times.completedMs,
    );
    if (isSettled) await this.store.removeFromIndex(OPEN, id);
    return isSettled;
  }

  close(): void {
    this.conclusions.close();
  }

  private async write(conclusion: Conclusion): Promise<void> {
    const staysOpen = conclusion.to?.state === 'unknown';
    const isOurs = await this.replace(conclusion, staysOpen ? this.times.unknownMs : this.times.completedMs);
    const isOver = isOurs ? !staysOpen : !(await this.isOpen(conclusion.id));
    if (isOver) await this.store.removeFromIndex(OPEN, conclusion.id);
  }

  /** The key may be another claim's by now, whose outcome somebody must still find listed. */
  private async isOpen(id: string): Promise<boolean> {
    const state = decode(await this.store.get(keyOf(id)))?.state;
    return state === 'dispatched' || state === 'unknown';
  }

  private replace({ id, from, to }: Conclusion, ttlMs: number): Promise<boolean> {
    const [key, before] = [keyOf(id), JSON.stringify(from)];
    return to
      ? this.store.compareAndSet(key, before, JSON.stringify(to), ttlMs)
      : this.store.compareAndDelete(key, before);
  }
}

function keyOf(id: string): string {
  return `{${id}}:claim`;
}

function decode(text: string | undefined): Claim | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Claim);
}
