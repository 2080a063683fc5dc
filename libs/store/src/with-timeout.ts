/**
 * A process that was busy for the whole timeout may not even have sent the question. Then it does, and silence is the other's so much
 * later, after one more look at what came in.
 */
const GRACE_MS = 25;

/** The answer, or a failure when there is none in time. */
export function withTimeout<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => setImmediate(() => reject(new Error('no answer in time')));
    let timer = setTimeout(() => (timer = setTimeout(giveUp, GRACE_MS)), timeoutMs);
    const over = () => clearTimeout(timer);
    answer.then(resolve, reject);
    answer.then(over, over);
  });
}
