import type { SecureContext } from 'node:tls';
import { Secret, type SettingKind } from '#libs/config';

interface Node {
  readonly host: string;
  readonly port: number;
}

/** What `REDIS_URL` says. */
export interface RedisTarget {
  readonly form: 'single' | 'sentinel' | 'cluster';
  readonly nodes: readonly Node[];
  readonly usesTls: boolean;
  /** The name of the group of servers that the sentinels watch. */
  readonly master: string;
  readonly database: number;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
  /** What its certificate is held against, and our own; Node's own ones where it is left out, or undefined. */
  readonly secureContext?: () => SecureContext | undefined;
  /** How its sentinels are spoken to, which have users, passwords and certificates of their own. */
  readonly sentinel?: SentinelAccess;
}

interface SentinelAccess {
  readonly usesTls: boolean;
  readonly username: string | undefined;
  readonly password: Secret | undefined;
}

const URL_FORM =
  /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/@?#]+)(?:\/([^?#]*))?$/;
const DEFAULT_PORT = { single: 6379, sentinel: 26379, cluster: 6379 };

/** What every key begins with. In a Cluster all are in one slot, for what belongs together is changed in one step: it is there for its failover. */
export function prefixOf({ form }: RedisTarget, keyPrefix: string): string {
  return form === 'cluster' ? `{${keyPrefix}}` : keyPrefix;
}

/** The four forms of `REDIS_URL`; it may hold a password, so it is never shown. */
export const redisUrl: SettingKind<RedisTarget> = {
  expected:
    'redis://user:password@host:port/db (@ and / of a password as %40 and %2F), rediss://…, redis+sentinel://host:port,host:port/master or redis+cluster://host:port,host:port',
  secret: true,
  parse(text) {
    const match = URL_FORM.exec(text);
    if (!match) return undefined;
    const [, tls, named, username, password, hosts = '', path = ''] = match;
    const form = (named ?? 'single') as RedisTarget['form'];
    const nodes = nodesOf(hosts, DEFAULT_PORT[form]);
    if (!nodes || !fits(form, path, nodes.length)) return undefined;
    const place = { master: form === 'sentinel' ? path : '', database: form === 'single' ? Number(path) : 0 };
    return { form, nodes, usesTls: tls === 's', ...place, ...login(username, password) };
  },
};

function login(username: string | undefined, password: string | undefined) {
  return {
    username: username ? decoded(username) : undefined,
    password: password === undefined ? undefined : new Secret(decoded(password)),
  };
}

/** Without its percent-encoding (RFC 3986 §2.1). A `%` that begins none is one: passwords are put there as they are. */
function decoded(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}

function nodesOf(hosts: string, defaultPort: number): Node[] | undefined {
  const nodes = hosts.split(',').map((host) => nodeOf(host, defaultPort));
  return nodes.every((node) => node !== undefined) ? nodes : undefined;
}

function nodeOf(text: string, defaultPort: number): Node | undefined {
  const match = /^(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(text);
  if (!match?.[1]) return undefined;
  return { host: match[1].replace(/^\[|\]$/g, ''), port: Number(match[2] ?? defaultPort) };
}

/** Behind the hosts stands a database number, or the name of the sentinels' group, or nothing. */
function fits(form: RedisTarget['form'], path: string, nodes: number): boolean {
  if (form === 'single') return nodes === 1 && /^\d{0,3}$/.test(path);
  return form === 'sentinel' ? /^[\w.-]+$/.test(path) : path === '';
}
