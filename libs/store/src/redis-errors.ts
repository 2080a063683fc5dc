import { ReplyError } from 'ioredis';

/** What an error of Redis, or of the connection to it, means, and what to do. */
export interface RedisErrorKind {
  readonly name: string;
  readonly advice: string;
}

/** Errors of a reply begin with their kind (Redis, "RESP protocol: simple errors"), those of the network have a `code` (Node.js). */
const KINDS: readonly (readonly [sign: RegExp, name: string, advice: string])[] = [
  [/\b(ENOTFOUND|EAI_AGAIN)\b/, 'name not found', 'Look at the host name in REDIS_URL, and at DNS.'],
  [
    /\bECONNREFUSED\b/,
    'refused',
    'Nothing listens there: look whether Redis runs, and at the port in REDIS_URL.',
  ],
  [
    /\b(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\b/,
    'unreachable',
    'Look at the network and the firewalls on the way to Redis; or rediss:// is in REDIS_URL and Redis speaks no TLS.',
  ],
  [
    /sentinels are unreachable.*\b(WRONGPASS|NOAUTH)\b/is,
    'sentinel login',
    'The sentinels want a password, or another one: look at REDIS_SENTINEL_USERNAME and REDIS_SENTINEL_PASSWORD.',
  ],
  [
    /\b(WRONGPASS|invalid username-password)/,
    'login refused',
    'Look at the user and the password in REDIS_URL.',
  ],
  [
    /\bNOAUTH\b/,
    'login missing',
    'Redis wants a password: put it into REDIS_URL, as redis://user:password@host.',
  ],
  [
    /\bNOPERM\b|user executing the script can't/,
    'not permitted',
    'Grant the user of REDIS_URL this command, key or channel: docs/operations.md has the least ACL.',
  ],
  [
    /certificate|altnames|_CERT|CERT_|UNABLE_TO_/i,
    'certificate',
    'The certificate of Redis is not trusted or of another host; a private authority goes into REDIS_CA_FILE.',
  ],
  [
    /\b(wrong version number|EPROTO|ERR_SSL)/i,
    'TLS',
    'One side speaks TLS and the other does not: rediss:// is with TLS, redis:// without.',
  ],
  [/\bOOM\b/, 'out of memory', 'Redis has no room: raise maxmemory. Do not let it evict keys.'],
  [
    /\bNOREPLICAS\b|replicas hold the write/,
    'too few replicas',
    'Bring the replicas back: fewer are there than must have each write.',
  ],
  [/\bREADONLY\b/, 'read only', 'This is a replica: let REDIS_URL name the master, or its sentinels.'],
  [
    /\bMISCONF\b/,
    'cannot save',
    'Redis cannot write to its disk and refuses writes: look at its log and its disk.',
  ],
  [
    /\b(LOADING|MASTERDOWN|BUSY)\b/,
    'not ready',
    'Redis loads its data or runs a long script: this ends by itself.',
  ],
  [
    /\bCLUSTERDOWN\b|slots cache|startup nodes/i,
    'cluster down',
    'The cluster does not serve all slots, or no node can be reached, or trusted: look at CLUSTER INFO, and at the names in the certificates (REDIS_CA_FILE).',
  ],
  [
    /\bsentinels are unreachable\b/i,
    'no sentinel',
    'No sentinel answers for this name: look at the sentinels and the name in REDIS_URL.',
  ],
  [/max number of clients/i, 'too many clients', 'Raise maxclients of Redis, or let fewer programs connect.'],
  [
    /DB index|invalid DB/i,
    'no such database',
    'Look at the number of the database behind the slash of REDIS_URL.',
  ],
  [
    /no answer in time|[Tt]imeout|timed out/,
    'silent',
    'Redis is there, and does not answer in REDIS_COMMAND_TIMEOUT_MS: look at its load, its latency and the network.',
  ],
];

const OTHER: RedisErrorKind = {
  name: 'connection',
  advice: 'Look at the log of Redis, and at what is between it and the gateway.',
};

/** Of what it was caused by, or of the error itself: the innermost that is known says the most. */
export function redisErrorKind(error: unknown): RedisErrorKind {
  let found = OTHER;
  for (let at = error, depth = 0; isObject(at) && depth < 5; at = nextOf(at), depth += 1) {
    const said = `${String(at.code)} ${String(at.message)}`;
    const kind = KINDS.find(([sign]) => sign.test(said));
    if (kind) found = { name: kind[1], advice: kind[2] };
  }
  return found;
}

/** Whether Redis has answered with it: a sign of life. */
export function isReply(error: unknown): boolean {
  return error instanceof ReplyError;
}

/** Whatever library has made it. */
interface ErrorLike {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly lastNodeError?: unknown;
  readonly errors?: readonly unknown[];
  readonly cause?: unknown;
}

function isObject(value: unknown): value is ErrorLike {
  return typeof value === 'object' && value !== null;
}

/** Behind the error of a cluster's client stands that of the node asked last; behind one for all addresses of a host, theirs. */
function nextOf({ lastNodeError, errors, cause }: ErrorLike): unknown {
  return lastNodeError ?? errors?.[0] ?? cause;
}
