import { eventually } from '../support/eventually.js';
import { TestEnvironment } from '../support/test-environment.js';
import { clusterUrl, RedisServer, sentinelUrl, startCluster, startSentinels } from '../support/redis.js';
import { PRINTS_ON } from './faulty-environment.js';
import { Operations, SHORT_TIMES } from './operations.js';
import { injectFault, tableOf, type Fault, type FaultTarget } from './inject-fault.js';

const FAILOVER_MS = 30_000;
const REDIS_SAYS = /Redis: [a-z -]+\. |Redis is unreachable|shared-state-unavailable/;
const NOTHING = /./;

const rows: string[] = [];
afterAll(() => process.stdout.write(tableOf(rows)));

async function openHouse(redisUrl: string): Promise<FaultTarget> {
  const env = await TestEnvironment.open({ ...PRINTS_ON, gateway: { ...SHORT_TIMES, REDIS_URL: redisUrl } });
  return { env, operations: await Operations.of(env) };
}

describe('behind sentinels', () => {
  let servers: RedisServer[];
  let where: FaultTarget;
  beforeEach(async () => {
    const master = await RedisServer.start();
    const replica = await RedisServer.start('--replicaof', '127.0.0.1', String(master.port));
    await eventually(async () =>
      expect(await replica.command('INFO replication')).toContain('link_status:up'),
    );
    const sentinels = await startSentinels(master.port);
    servers = [master, replica, ...sentinels];
    where = await openHouse(sentinelUrl(sentinels));
  }, 60_000);
  afterEach(async () => {
    await where.env.close();
    await Promise.all(servers.map((server) => server.stop()));
  });

  const [master, replica] = [() => servers[0] as RedisServer, () => servers[1] as RedisServer];
  const failedOver = () =>
    eventually(async () => expect(await replica().command('ROLE')).toContain('master'), FAILOVER_MS);
  const sentinels = (signal: NodeJS.Signals) =>
    Promise.resolve(servers.slice(2).forEach((sentinel) => sentinel.signal(signal)));

  const faults: Record<string, Fault<FaultTarget>> = {
    'Sentinel: master killed': { begin: () => master().kill(), end: failedOver, says: REDIS_SAYS },
    'Sentinel: master suspended, and back as a replica': {
      begin: () => Promise.resolve(master().signal('SIGSTOP')),
      end: async () => {
        await failedOver();
        master().signal('SIGCONT');
      },
      says: REDIS_SAYS,
    },
    'Sentinel: no sentinel answers': {
      begin: () => sentinels('SIGSTOP'),
      end: () => sentinels('SIGCONT'),
      says: NOTHING,
    },
  };

  it.each(Object.entries(faults))(
    '%s: all is well again soon after the failover',
    async (name, fault) => void rows.push(await injectFault(where, name, fault)),
    120_000,
  );
});

describe('in a cluster', () => {
  let nodes: RedisServer[];
  let where: FaultTarget;
  beforeEach(async () => {
    nodes = await startCluster();
    where = await openHouse(clusterUrl(nodes));
  }, 60_000);
  afterEach(async () => {
    await where.env.close();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  /** All keys are in one slot, so that one of the nodes has them all. */
  async function withKeys(): Promise<{ owner: RedisServer; other: RedisServer }> {
    const sizes = await Promise.all(nodes.map((node) => node.command('DBSIZE')));
    const index = sizes.findIndex((size) => size !== '0');
    return { owner: nodes[index] as RedisServer, other: nodes[(index + 1) % 3] as RedisServer };
  }
  const allSlots = () =>
    eventually(async () => {
      for (const node of nodes) expect(await node.command('CLUSTER INFO')).toContain('cluster_state:ok');
    }, FAILOVER_MS);

  const killed = (which: 'owner' | 'other'): Fault<FaultTarget> => {
    let node: RedisServer;
    return {
      begin: async () => {
        node = (await withKeys())[which];
        await node.kill();
      },
      end: async () => {
        await node.run();
        await allSlots();
      },
      says: which === 'owner' ? REDIS_SAYS : NOTHING,
    };
  };

  /** Half of the keys have gone over when callers come: ASK, TRYAGAIN, and MOVED in the end. */
  const moved = (): Fault<FaultTarget> => {
    let move: (some: 'half' | 'all') => Promise<void>;
    return {
      begin: async () => {
        const { owner, other } = await withKeys();
        const key = (await owner.command('RANDOMKEY')).trim();
        const slot = await owner.commandOf('CLUSTER', 'KEYSLOT', key);
        const [ownerId, otherId] = await Promise.all([
          owner.command('CLUSTER MYID'),
          other.command('CLUSTER MYID'),
        ]);
        await other.command(`CLUSTER SETSLOT ${slot} IMPORTING ${ownerId}`);
        await owner.command(`CLUSTER SETSLOT ${slot} MIGRATING ${otherId}`);
        move = async (some) => {
          const keys = (await owner.command(`CLUSTER GETKEYSINSLOT ${slot} 100000`))
            .split('\n')
            .filter(Boolean);
          const moving = some === 'half' ? keys.slice(0, keys.length / 2) : keys;
          const to = ['MIGRATE', '127.0.0.1', String(other.port), '', '0', '5000', 'KEYS'];
          if (moving.length > 0) await owner.commandOf(...to, ...moving);
          if (some === 'half') return;
          for (const node of [other, owner]) await node.command(`CLUSTER SETSLOT ${slot} NODE ${otherId}`);
        };
        await move('half');
      },
      end: () => move('all'),
      says: NOTHING,
    };
  };

  it.each([
    ['Cluster: the node with the keys killed', killed('owner')],
    ['Cluster: another node killed', killed('other')],
    ['Cluster: the slot moves to another node', moved()],
  ])(
    '%s: all is well again soon after the cluster is',
    async (name, fault) => void rows.push(await injectFault(where, name, fault)),
    120_000,
  );
});
