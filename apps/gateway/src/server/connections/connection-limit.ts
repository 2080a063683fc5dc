/** What a gateway has open that serves nobody: its own files, log, Redis, and the connections of the management port. */
const OF_ITS_OWN = 64;
/** A print has a connection to the upstream for itself, reads share theirs. */
const PER_UPSTREAM_CONNECTION = 2;

/** How the files that a process may have open are shared. */
export interface OpenFiles {
  /** Undefined where there is no limit that is known. */
  readonly limit: number | undefined;
  /** `IDAAS_CONNECTIONS`. */
  readonly upstreamConnections: number;
}

/**
 * How many connections of callers there may be at once, so that there are always files left for the upstream, Redis, health and metrics. Where
 * the limit is low, callers and upstream get the same share. Undefined where nothing limits them.
 */
export function connectionLimit({ limit, upstreamConnections }: OpenFiles): number | undefined {
  if (limit === undefined) return undefined;
  const shared = Math.max(2, limit - OF_ITS_OWN);
  return Math.max(shared - PER_UPSTREAM_CONNECTION * upstreamConnections, Math.floor(shared / 2));
}
