import { eventually } from '../../../test/support/eventually.js';
import { CircuitOpen, UpstreamTimedOut, UpstreamUnreachable } from './idaas.problems.js';
import type { Send, UpstreamRequest, UpstreamResponse } from './send.js';
import { UpstreamCircuit, withCircuit } from './with-circuit.js';
import { withDeadline } from './with-deadline.js';
import { withRetry } from './with-retry.js';

const read: UpstreamRequest = { operation: 'getPrintCounts', method: 'GET', path: '/', timeoutMs: 60_000 };
const print: UpstreamRequest = { ...read, operation: 'print', method: 'POST', body: '{}' };
const answer = (status: number): UpstreamResponse => ({
  status,
  contentType: '',
  retryAfter: undefined,
  date: undefined,
  text: '',
});
const unreachable = () => Promise.reject(new UpstreamUnreachable(true, undefined));

/** Answers with these one after the other, the last of them for ever, and counts. */
function upstream(...answers: (() => Promise<UpstreamResponse>)[]) {
  const send = () =>
    (answers[Math.min(counted.calls++, answers.length - 1)] as () => Promise<UpstreamResponse>)();
  const counted: Send & { calls: number } = Object.assign(send, { calls: 0 });
  return counted;
}
const says = (status: number) => () => Promise.resolve(answer(status));

describe('withRetry', () => {
  const retrying = withRetry({ attempts: 3, delayMs: 1 });

  it.each([
    ['an unreachable upstream', unreachable],
    ['502', says(502)],
    ['503', says(503)],
    ['504', says(504)],
  ])('sends a read again after %s', async (_, failing) => {
    const send = upstream(failing, failing, says(200));
    expect((await retrying(send)(read)).status).toBe(200);
    expect(send.calls).toBe(3);
  });

  it('gives up after the last attempt, with what there was', async () => {
    const send = upstream(says(503));
    expect((await retrying(send)(read)).status).toBe(503);
    expect(send.calls).toBe(3);
  });

  it.each([says(500), says(404), says(401)])('sends nothing again that was answered', async (answered) => {
    const send = upstream(answered);
    await retrying(send)(read);
    expect(send.calls).toBe(1);
  });

  it('sends a search again, which is a POST that changes nothing', async () => {
    const send = upstream(unreachable, says(200));
    expect((await retrying(send)({ ...print, isSafe: true })).status).toBe(200);
    expect(send.calls).toBe(2);
  });

  it.each(['POST', 'PATCH', 'DELETE'] as const)('sends a %s once', async (method) => {
    const send = upstream(unreachable);
    await expect(retrying(send)({ ...print, method })).rejects.toBeInstanceOf(UpstreamUnreachable);
    expect(send.calls).toBe(1);
  });
});

describe('withDeadline', () => {
  it('ends what takes too long, and tells it to stop', async () => {
    let stopped: unknown;
    const never: Send = ({ deadline }) => new Promise(() => deadline?.onExpiry((fault) => (stopped = fault)));
    await expect(withDeadline(never)({ ...read, timeoutMs: 5 })).rejects.toBeInstanceOf(UpstreamTimedOut);
    expect(stopped).toBeInstanceOf(UpstreamTimedOut);
  });
});

describe('withCircuit', () => {
  it('sends nothing for a while after failures in a row, and then one request', async () => {
    const send = upstream(says(503), unreachable, says(200));
    const guarded = withCircuit(new UpstreamCircuit({ failures: 2, pauseMs: 20 }))(send);
    await guarded(print);
    await expect(guarded(print)).rejects.toBeInstanceOf(UpstreamUnreachable);
    await expect(guarded(print)).rejects.toBeInstanceOf(CircuitOpen);
    expect(send.calls).toBe(2);
    expect((await eventually(() => guarded(print))).status).toBe(200);
    expect(send.calls).toBe(3);
  });

  it('takes an answered request for no failure, whatever the answer', async () => {
    const guarded = withCircuit(new UpstreamCircuit({ failures: 2, pauseMs: 20 }))(upstream(says(500)));
    for (let i = 0; i < 5; i += 1) expect((await guarded(read)).status).toBe(500);
  });
});
