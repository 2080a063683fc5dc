/** What Node names that which a thread of libuv's pool does: calls of the file system, and of the resolver of names. */
const POOL_CALLS = new Set(['FSReqCallback', 'FSReqPromise', 'GetAddrInfoReqWrap', 'GetNameInfoReqWrap']);
const MIN_LOOKS_MS = 100;
const LOOK_AGAIN_MS = 10;

/**
 * Ends the process with this code. exit(3) waits for the threads of libuv's pool, and one of them may stand in a call that does not
 * return, such as a write to a disk that hangs: when that is still so after `patienceMs`, the kernel ends the process (SIGKILL).
 */
export function endProcess(code: number, patienceMs: number): void {
  endUntil(code, performance.now() + Math.max(patienceMs, MIN_LOOKS_MS));
}

function endUntil(code: number, untilMs: number): void {
  const isPoolBusy = process.getActiveResourcesInfo().some((name) => POOL_CALLS.has(name));
  if (isPoolBusy && performance.now() < untilMs)
    return void setTimeout(() => endUntil(code, untilMs), LOOK_AGAIN_MS);
  // Behind all others: what they have to do they still do.
  if (isPoolBusy) process.on('exit', () => process.kill(process.pid, 'SIGKILL'));
  process.exit(code);
}
