import { FilesConfig, type Config } from '#libs/config';
import { TlsFiles } from '#libs/network';
import {
  redisErrorKind,
  RedisProbe,
  redisTarget,
  RedisTlsConfig,
  StoreConfig,
  type RedisTarget,
} from '#libs/store';
import type { RunCheck } from '../bounded.js';
import { about, type Finding } from '../finding.js';

const UNSHARED = about('redis').warning(
  'REDIS_URL is not set: state is kept in the process',
  'That suits one gateway alone, and what it knows is lost when it stops: set REDIS_URL for anything else.',
);

/** Redis, as a gateway uses it: the server, its settings, what the user may do, channels, replicas. */
export async function checkRedis(run: RunCheck, config: Config): Promise<Finding[]> {
  const store = config.get(StoreConfig);
  if (!store.redis) return [UNSHARED];
  const certificates = new TlsFiles(config.get(RedisTlsConfig), config.get(FilesConfig).pollMs);
  try {
    return await checkShared(run, store, redisTarget(store, () => certificates.secureContext) as RedisTarget);
  } finally {
    certificates.close();
  }
}

async function checkShared(run: RunCheck, store: StoreConfig, target: RedisTarget): Promise<Finding[]> {
  let opened: RedisProbe | undefined;
  const connection = await run('redis', (signal) =>
    attempted('redis', async () => {
      const probe = await RedisProbe.open(target, store, signal);
      opened = probe;
      return answering(await probe.roundTripMs(), store.commandTimeoutMs);
    }),
  );
  if (!opened) return connection;
  const findings = await checkOpened(run, opened, store);
  opened.close();
  return [...connection, ...findings];
}

async function checkOpened(run: RunCheck, probe: RedisProbe, store: StoreConfig): Promise<Finding[]> {
  const [server, rights, channels, replicas] = [
    'redis server',
    'redis rights',
    'redis channels',
    'redis replicas',
  ];
  const checks = [
    run(server, () => attempted(server, () => serverFindings(probe))),
    run(rights, () => rightsFindings(probe)),
    run(channels, (signal) =>
      attempted(channels, async () => {
        await probe.requireChannels(signal);
        return [about(channels).ok('what is published is heard')];
      }),
    ),
    run(replicas, () =>
      attempted(replicas, async () => {
        await probe.requireReplicas();
        const { minReplicas } = store;
        return minReplicas === 0 ? [] : [about(replicas).ok(`${minReplicas} hold a write in time`)];
      }),
    ),
  ];
  return [...slotFindings(probe), ...(await Promise.all(checks)).flat()];
}

/** What is found, or what Redis says against it. */
async function attempted(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [refusal(check, error)];
  }
}

function refusal(check: string, error: unknown, what = ''): Finding {
  const { name, advice } = redisErrorKind(error);
  const { message } = error as { message?: string };
  return about(check).failure(`${what}${name} (${message})`, advice);
}

function answering(roundTripMs: number, timeoutMs: number): Finding[] {
  const shown = `it answers within ${roundTripMs.toFixed(1)} ms`;
  if (roundTripMs < timeoutMs / 4) return [about('redis').ok(shown)];
  return [
    about('redis').warning(
      `${shown}, and counts as away after ${timeoutMs} ms`,
      'A print waits for four answers: bring Redis nearer, or raise REDIS_COMMAND_TIMEOUT_MS.',
    ),
  ];
}

async function serverFindings(probe: RedisProbe): Promise<Finding[]> {
  const say = about('redis server');
  const { version, isTooOld, faults } = await probe.server();
  const shown = isTooOld
    ? say.failure(`version ${version}`, 'Redis 6.2 or later is needed.')
    : say.ok(`version ${version}`);
  const advice = 'Set up Redis for safe printing: docs/safe-printing.md.';
  return [shown, ...faults.map((fault) => say.warning(fault, advice))];
}

async function rightsFindings(probe: RedisProbe): Promise<Finding[]> {
  const refusals = await probe.refusals();
  if (refusals.length === 0) return [about('redis rights').ok('every command of a gateway is permitted')];
  return refusals.map(({ step, error }) => refusal('redis rights', error, `${step}: `));
}

function slotFindings(probe: RedisProbe): Finding[] {
  const slot = probe.slot();
  if (!slot) return [];
  const say = about('redis cluster');
  const [master, ...replicas] = slot.servers;
  if (master === undefined)
    return [
      say.failure(`nobody has slot ${slot.number}`, 'Look at CLUSTER INFO: all keys are in this slot.'),
    ];
  return [say.ok(`all keys are in slot ${slot.number}, at ${master} with ${replicas.length} replica(s)`)];
}
