/** A place in a trace (W3C Trace Context §3.2). */
export interface TraceParent {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  /** What tracing systems before it note of the trace, as it came (§3.3). */
  readonly state?: string | undefined;
}

const FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

/** At least so long a state must be passed on; what is longer may be left out as a whole (§3.3.1.5). */
const STATE_FORM = /^[\x20-\x7e\t]{1,512}$/;

/** Undefined for anything but a sound one: the trace then begins here, and no state counts. */
export function readTraceparent(text: string | undefined, state?: unknown): TraceParent | undefined {
  const [, traceId, spanId, flags] = FORM.exec(text ?? '') ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  const parent = { traceId, spanId, traceFlags: parseInt(flags, 16) };
  return typeof state === 'string' && STATE_FORM.test(state) ? { ...parent, state } : parent;
}

export function writeTraceparent({ traceId, spanId, traceFlags }: TraceParent): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}
