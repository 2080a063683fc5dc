import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { Cluster, Redis } from 'ioredis';
import { SCRIPTS } from './redis-scripts.js';
import type { RedisTarget } from './redis-url.js';

const LONGEST_PAUSE_MS = 1_000;
const SILENCE_MS = 1_500;
const DEMOTION_PAUSE_MS = 3_000;

/** For ever, with pauses that grow to a second: a client that gives up never comes back (ioredis `retryStrategy`). */
const pauseBefore = (attempt: number): number => Math.min(LONGEST_PAUSE_MS, 25 * 2 ** Math.min(attempt, 10));

export type RedisConnection = Redis | Cluster;

/**
 * Opens a connection to what the URL names. Commands are never queued while it is away, and never sent again after a
 * break: they fail at once, and whoever sent them decides. How long an answer may take is for whoever asks (`with-timeout.ts`).
 */
export function connectRedis(target: RedisTarget, commandTimeoutMs: number): RedisConnection {
  return target.form === 'cluster' ? toCluster(target, commandTimeoutMs) : toServer(target, commandTimeoutMs);
}

function toServer(target: RedisTarget, commandTimeoutMs: number): Redis {
  const options = shared(target, commandTimeoutMs);
  const redis = new Redis({
    ...options,
    ...(target.form === 'sentinel' ? behindSentinels(target) : target.nodes[0]),
    db: target.database,
    scripts: SCRIPTS,
    enableOfflineQueue: false,
    retryStrategy: pauseBefore,
  });
  // Its clock starts when a command is given to it, which may be long before it is sent: it is for the opening only.
  redis.on('ready', () => delete redis.options.commandTimeout);
  redis.on('close', () => (redis.options.commandTimeout = options.commandTimeout));
  // ioredis would go on in the first database, which may be somebody else's.
  redis.on('error', (error: Error) => isOfSelect(error) && redis.disconnect(true));
  return redis;
}

function isOfSelect(error: Error): boolean {
  return (error as { command?: { name?: string } }).command?.name === 'select';
}

function behindSentinels(target: RedisTarget) {
  const { nodes, usesTls, secureContext, master, sentinel } = target;
  return {
    sentinels: [...nodes],
    name: master,
    enableTLSForSentinelMode: usesTls,
    sentinelRetryStrategy: pauseBefore,
    ...(sentinel?.usesTls && { sentinelTLS: tlsWith(secureContext) }),
    ...(sentinel?.username && { sentinelUsername: sentinel.username }),
    ...(sentinel?.password && { sentinelPassword: sentinel.password.reveal() }),
  };
}

function toCluster(target: RedisTarget, commandTimeoutMs: number): Cluster {
  const { usesTls, secureContext } = target;
  return new Cluster([...target.nodes], {
    redisOptions: {
      ...shared(target, commandTimeoutMs),
      ...(usesTls && { tls: tlsWith(secureContext, identityAmong(target)) }),
    },
    // Certificates are for names: a name that was looked up first would be an address by then.
    dnsLookup: (host, callback) => callback(null, host),
    scripts: SCRIPTS,
    enableOfflineQueue: false,
    clusterRetryStrategy: pauseBefore,
    slotsRefreshInterval: 2_000,
    slotsRefreshTimeout: 1_000,
    maxRedirections: 4,
    // Above zero, a command whose reply was lost is sent once more, which may do twice what it does.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 50,
  });
}

function shared(target: RedisTarget, commandTimeoutMs: number) {
  const { usesTls, secureContext, username, password } = target;
  return {
    ...(usesTls && { tls: tlsWith(secureContext) }),
    ...(username && { username }),
    ...(password && { password: password.reveal() }),
    // Behind whoever asks, who tells a silent Redis from a process that was too busy to listen.
    commandTimeout: 2 * commandTimeoutMs,
    connectTimeout: Math.max(1_000, commandTimeoutMs),
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // What is listened to is for `RedisSubscriptions`: ioredis would end the process when it fails to subscribe again.
    autoResubscribe: false,
    // A connection that is dead without having been told, as behind a firewall that forgot it.
    socketTimeout: SILENCE_MS + 2 * commandTimeoutMs,
    reconnectOnError: demotions(),
  };
}

/** ioredis reads its members each time that it connects: changed certificates hold for the next connection. */
function tlsWith(
  secureContext: RedisTarget['secureContext'],
  identity: Pick<ConnectionOptions, 'checkServerIdentity'> = {},
): ConnectionOptions {
  return {
    ...identity,
    get secureContext() {
      return secureContext?.();
    },
  };
}

/** A node may tell its address while its certificate names the cluster: one for a host of `REDIS_URL` is the cluster's own. */
function identityAmong({ nodes }: RedisTarget) {
  return {
    checkServerIdentity(host: string, certificate: PeerCertificate) {
      const names = isIP(host) ? [host, ...nodes.map((node) => node.host)] : [host];
      const faults = names.map((name) => checkServerIdentity(name, certificate));
      return faults.includes(undefined) ? undefined : faults[0];
    },
  };
}

/** A master that was demoted answers READONLY: the connection is opened anew, to the master of now, where there is one by then. */
function demotions() {
  let openedAtMs = -Infinity;
  return (error: Error): boolean => {
    const isNew = error.message.includes('READONLY') && performance.now() - openedAtMs > DEMOTION_PAUSE_MS;
    if (isNew) openedAtMs = performance.now();
    return isNew;
  };
}
