import { setTimeout as delay } from 'node:timers/promises';
import type { Fault as UpstreamFault } from '../support/emulator.js';
import type { Fate } from '../support/relayed-connection.js';
import type { FaultyEnvironment } from './faulty-environment.js';
import type { Fault } from './inject-fault.js';
import { LINK_FAULTS, type LinkFault } from './tcp-relay.js';

type FaultOfHouse = Fault<FaultyEnvironment>;

const STOPPED_MS = 8_000;
const TEN_MINUTES_MS = 600_000;
const A_DAY_MS = 86_400_000;
const UPSTREAM_SAYS = /upstream-|outcome-unknown|credentials/;
const REDIS_SAYS = /Redis: [a-z -]+\. |Redis is unreachable|shared-state-unavailable/;

const upstreamLink = (fault: LinkFault): FaultOfHouse => ({
  begin: ({ upstreamLink }) => upstreamLink.injectFault(fault),
  end: ({ upstreamLink }) => upstreamLink.mend(),
  says: fault === 'late' ? /./ : UPSTREAM_SAYS,
});

const redisLink = (fault: LinkFault): FaultOfHouse => ({
  begin: ({ redisLink }) => redisLink.injectFault(fault),
  end: ({ redisLink }) => redisLink.mend(),
  says: fault === 'late' ? /./ : REDIS_SAYS,
});

/** Of these operations of the upstream; of all when left out. */
const upstream = (
  fault: Omit<UpstreamFault, 'operation'>,
  operation = '*',
  says = UPSTREAM_SAYS,
): FaultOfHouse => ({
  begin: ({ env }) => env.emulator.fault({ operation, ...fault }),
  end: ({ env }) => env.emulator.noFaults(),
  says,
});

const answer = (status: number, body?: unknown, headers?: Record<string, string>) =>
  upstream({ kind: 'status', status, ...(body !== undefined && { body }), ...(headers && { headers }) });

/** The token that is known is none any more, and another cannot be had. */
const authentication = (fault: Omit<UpstreamFault, 'operation'>): FaultOfHouse => {
  const { begin, ...rest } = upstream(fault, 'authenticate');
  const beginAndRevoke = (env: FaultyEnvironment) => begin(env).then(() => env.env.emulator.revokeTokens());
  return { ...rest, begin: beginAndRevoke };
};

/** New tokens are dated by a clock that is off, and those of before are none any more. */
const upstreamClock = (byMs: number): FaultOfHouse => ({
  begin: async ({ env }) => {
    await env.emulator.advance(byMs);
    await env.emulator.revokeTokens();
  },
  end: ({ env }) => env.emulator.advance(-byMs),
  says: /./,
});

/** Each command that is no handshake is answered with this error. */
const redisError = (error: string): FaultOfHouse => ({
  begin: ({ redisCommands }) => {
    redisCommands.rule = ([word = '']): Fate =>
      /^(hello|auth|client|info)$/i.test(word) ? 'pass' : { error };
    return Promise.resolve();
  },
  end: ({ redisCommands }) => {
    redisCommands.mend();
    return Promise.resolve();
  },
  says: REDIS_SAYS,
});

const redisCommand = (begin: string, end: string, says = REDIS_SAYS): FaultOfHouse => ({
  begin: ({ redis }) => redis.command(begin),
  end: ({ redis }) => redis.command(end),
  says,
});

const JSON_TYPE = { 'content-type': 'application/json' };

/** By name, in the order of what they harm. */
export const FAULTS: Record<string, FaultOfHouse> = {
  ...Object.fromEntries(LINK_FAULTS.map((fault) => [`upstream: ${fault}`, upstreamLink(fault)])),
  ...Object.fromEntries(
    [500, 501, 502, 503, 504, 429, 418].map((status) => [`upstream: ${status}`, answer(status, {})]),
  ),
  'upstream: 429 with Retry-After': answer(429, {}, { 'retry-after': '1' }),
  'upstream: 401 once': upstream({ kind: 'unauthorized', count: 1 }, '*', /./),
  'upstream: 401 for ever': upstream({ kind: 'unauthorized' }),
  'upstream: HTML': upstream({ kind: 'html' }),
  'upstream: truncated JSON': answer(200, '{"id":', JSON_TYPE),
  'upstream: half of its Content-Length': upstream({ kind: 'half-body' }),
  'upstream: 50 MB': upstream({ kind: 'long' }),
  'upstream: gzip that nobody asked for': answer(200, 'H4sIAAAAAAAA', {
    ...JSON_TYPE,
    'content-encoding': 'gzip',
  }),
  'upstream: drips': upstream({ kind: 'slow-drip', milliseconds: 500 }),
  'upstream: silent': upstream({ kind: 'latency', milliseconds: 5_000 }),
  'authentication: slow': authentication({ kind: 'latency', milliseconds: 3_000 }),
  'authentication: fails': authentication({ kind: 'status', status: 500, body: {} }),
  'authentication: expired on arrival': {
    begin: async ({ env }) => {
      await env.emulator.setTokenLife(1);
      await env.emulator.revokeTokens();
    },
    end: ({ env }) => env.emulator.setTokenLife(A_DAY_MS),
    says: UPSTREAM_SAYS,
  },
  'authentication: the upstream’s clock ten minutes ahead': upstreamClock(TEN_MINUTES_MS),
  'authentication: the upstream’s clock ten minutes behind': upstreamClock(-TEN_MINUTES_MS),
  ...Object.fromEntries(LINK_FAULTS.map((fault) => [`Redis: ${fault}`, redisLink(fault)])),
  'Redis: suspended': {
    begin: ({ redis }) => Promise.resolve(redis.signal('SIGSTOP')),
    end: ({ redis }) => Promise.resolve(redis.signal('SIGCONT')),
    says: REDIS_SAYS,
  },
  'Redis: killed': { begin: ({ redis }) => redis.kill(), end: ({ redis }) => redis.run(), says: REDIS_SAYS },
  'Redis: out of memory': redisCommand('CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'),
  'Redis: too few replicas': redisCommand(
    'CONFIG SET min-replicas-to-write 1',
    'CONFIG SET min-replicas-to-write 0',
  ),
  'Redis: not permitted': redisCommand(
    'ACL SETUSER default resetkeys ~other:*',
    'ACL SETUSER default allkeys',
  ),
  'Redis: read only': redisCommand('REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'),
  'Redis: flushed': redisCommand('FLUSHALL', 'PING', /./),
  'Redis: scripts flushed': redisCommand('SCRIPT FLUSH', 'PING', /./),
  'Redis: LOADING': redisError('LOADING Redis is loading the dataset in memory'),
  'Redis: WRONGPASS': redisError('WRONGPASS invalid username-password pair or user is disabled.'),
  'Redis: NOAUTH': redisError('NOAUTH Authentication required.'),
  'Redis: max clients': redisError('ERR max number of clients reached'),
  'Redis: MOVED': redisError('MOVED 1 127.0.0.1:1'),
  'Redis: ASK': redisError('ASK 1 127.0.0.1:1'),
  'Redis: CLUSTERDOWN': redisError('CLUSTERDOWN The cluster is down'),
  'Redis: BUSY': redisError('BUSY Redis is busy running a script.'),
  'gateway: stopped for 8 s': {
    begin: ({ env }) => {
      const { program } = env.gateway(0);
      program.signal('SIGSTOP');
      void delay(STOPPED_MS).then(() => program.signal('SIGCONT'));
      return Promise.resolve();
    },
    end: () => delay(STOPPED_MS),
    says: /./,
  },
  'gateway: killed': {
    begin: ({ env }) => env.crash(0),
    end: ({ env }) => env.restart(0),
    says: /./,
  },
};
