import { readFileSync } from 'node:fs';
import { Installation, PASSWORD, said, worse } from '../support/doctor.js';
import { clusterUrl, RedisServer, startCluster } from '../support/redis.js';

const OPERATIONS_THAT_CHANGE = ['print', 'updatePrint', 'cancelPrint', 'resumePrintJob'];

describe('the doctor at Redis', () => {
  let installation: Installation;
  beforeAll(async () => (installation = await Installation.open()));
  afterAll(() => installation.close());

  it('finds a sound installation sound, and leaves nothing behind', async () => {
    const redis = await RedisServer.start('--appendonly', 'yes', '--requirepass', '');
    const [rule = ''] =
      /^ACL SETUSER gateway on >password .*$/m.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
    await redis.commandOf(...rule.replace('>password', `>${PASSWORD}`).split(' '));
    const REDIS_URL = redis.url.replace('//', `//gateway:${encodeURIComponent(PASSWORD)}@`);
    const { emulator } = installation;
    const findings = await installation.findings({ REDIS_URL, SECRET_KEY: PASSWORD.repeat(2) });
    expect(worse(findings)).toEqual([]);
    expect(new Set(findings.map(({ check }) => check))).toEqual(
      new Set([
        ...['settings', 'policy', 'credentials', 'dns', 'authenticate', 'clock', 'permissions', 'printers'],
        ...['job lists', 'issuer keys', 'redis', 'redis server', 'redis rights', 'redis channels'],
      ]),
    );
    expect(await emulator.callsOf('authenticate')).toBe(1);
    for (const operation of OPERATIONS_THAT_CHANGE) expect(await emulator.callsOf(operation)).toBe(0);
    expect(await redis.command('KEYS *')).toBe('');
    expect(await redis.commandOf('ACL', 'LOG')).toBe('');
    await redis.stop();
  });

  describe('that is not as it should be', () => {
    let redis: RedisServer;
    let url: (user: string) => string;
    beforeAll(async () => {
      redis = await RedisServer.start('--maxmemory-policy', 'allkeys-lru');
      url = (user) => redis.url.replace('//', `//${user}:${encodeURIComponent(PASSWORD)}@`);
      const users = [
        ['silent', '~print-gateway:*', 'resetchannels', '+@all'],
        ['elsewhere', '~other:*', '&*', '+@all'],
        ['reader', '~print-gateway:*', '&*', '+@all', '-@stream'],
      ];
      for (const [user = '', ...rules] of users)
        await redis.commandOf('ACL', 'SETUSER', user, 'on', `>${PASSWORD}`, ...rules);
    });
    afterAll(() => redis.stop());

    it.each<[string, () => string, string, RegExp]>([
      ['a wrong password', () => url('nobody'), 'redis', /^login refused/],
      ['no such database', () => `${redis.url}/99`, 'redis', /^no such database/],
      [
        'TLS that is not there',
        () => redis.url.replace('redis:', 'rediss:'),
        'redis',
        /^(TLS|silent|unreachable|connection)/,
      ],
      ['channels that are not granted', () => url('silent'), 'redis channels', /^not permitted .*channel/],
      ['a prefix that is not granted', () => url('elsewhere'), 'redis rights', /^commit: not permitted/],
      ['commands that are not granted', () => url('reader'), 'redis rights', /^append: not permitted .*xadd/],
    ])('tells %s', async (_, REDIS_URL, check, message) => {
      const findings = await installation.findings({ REDIS_URL: REDIS_URL() }, '--timeout', '5');
      expect(findings).toContainEqual(said(check, 'failure', message));
    });

    it('tells a server that is not set up for safe printing, and replicas that are missing', async () => {
      const findings = await installation.findings({ REDIS_URL: redis.url, REDIS_MIN_REPLICAS: '1' });
      expect(findings).toEqual(
        expect.arrayContaining([
          said('redis server', 'warning', /^maxmemory-policy is allkeys-lru/),
          said('redis server', 'warning', /^appendonly is off/),
          said('redis replicas', 'failure', /^too few replicas \(0 of 1/),
        ]),
      );
    });

    it('names the slot of a cluster, and who has it', async () => {
      const nodes = await startCluster();
      const findings = await installation.findings({ REDIS_URL: clusterUrl(nodes) });
      expect(findings).toContainEqual(
        said('redis cluster', 'ok', /slot 9320, at 127\.0\.0\.1:\d+ with 0 replica/),
      );
      expect(findings.filter(({ level }) => level === 'failure')).toEqual([]);
      await Promise.all(nodes.map((node) => node.stop()));
    });
  });
});
