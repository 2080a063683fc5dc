import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from '../../../test/support/eventually.js';
import { RespStream, wordsOfCommand } from '../../../test/support/resp.js';
import { newLease } from './leases.js';
import { redisUrl, type RedisTarget } from './redis-url.js';
import { RedisStore } from './redis.store.js';
import { StoreUnavailable } from './store.problems.js';

const TIMEOUT_MS = 100;
/** No reply at all. */
const SILENCE = '';
const NONE = '$-1\r\n';
const COMMITTED = '*4\r\n:1\r\n:1795700000000\r\n*0\r\n*0\r\n';

/** Answers like a Redis; what a test wants to have answered otherwise, or not at all, it says by `rule`. */
class StubRedis {
  /** What came, as words; each piece of what came on a socket is an array of its own. */
  readonly pieces: string[][][] = [];
  rule: (words: readonly string[]) => string | undefined = () => undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => this.listen(socket));
  }

  static async start(): Promise<StubRedis> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new StubRedis(server);
  }

  get target(): RedisTarget {
    const { port } = this.server.address() as AddressInfo;
    return redisUrl.parse(`redis://127.0.0.1:${port}`) as RedisTarget;
  }

  /** The commands that name this, in the order in which they came. */
  commands(name: string): string[][] {
    return this.pieces.flat().filter((words) => words.includes(name));
  }

  breakConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  stop(): void {
    this.breakConnections();
    this.server.close();
  }

  private listen(socket: Socket): void {
    const stream = new RespStream();
    this.sockets.add(socket.on('error', () => {}));
    socket.on('data', (data: Buffer) => {
      const commands = stream.push(data).map(wordsOfCommand);
      this.pieces.push(commands);
      for (const words of commands) {
        const reply = this.rule(words) ?? usualReply(words);
        if (reply !== SILENCE) socket.write(reply);
      }
    });
  }
}

function usualReply([command = '']: readonly string[]): string {
  if (/^hello$/i.test(command)) return '-NOPROTO unsupported protocol version\r\n';
  if (/^info$/i.test(command)) return '$9\r\nloading:0\r\n';
  if (/^eval/i.test(command)) return COMMITTED;
  if (/^publish$/i.test(command)) return ':0\r\n';
  return /^get$/i.test(command) ? NONE : '+OK\r\n';
}

describe('RedisStore', () => {
  let redis: StubRedis;
  let store: RedisStore;
  beforeEach(async () => {
    redis = await StubRedis.start();
    const options = { keyPrefix: 'p:', commandTimeoutMs: TIMEOUT_MS, minReplicas: 0, replicasTimeoutMs: 100 };
    store = new RedisStore(redis.target, options);
    await eventually(() => expect(store.isUp).toBe(true));
  });
  afterEach(async () => {
    await store.close();
    redis.stop();
  });
  const rejected = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('sends what is asked for in one turn of the event loop together, in its order, each as its own command', async () => {
    await Promise.all([store.set('a', 'x', 1_000), store.get('a'), store.setIfAbsent('b', 'y', 50)]);
    const piece = redis.pieces.find((commands) => commands.some((words) => words.includes('p:a')));
    expect(piece?.map((words) => words.map((word) => word.toLowerCase()))).toEqual([
      ['set', 'p:a', 'x', 'px', '1000'],
      ['get', 'p:a'],
      ['set', 'p:b', 'y', 'px', '50', 'nx'],
    ]);
  });

  it('takes Redis for away after one command without an answer, and asks nothing more until it answers', async () => {
    redis.rule = () => SILENCE;
    expect(await rejected(store.get('a'))).toBeInstanceOf(StoreUnavailable);
    expect(store.isUp).toBe(false);
    for (const ask of [() => store.get('later'), () => store.commit({ conditions: [], writes: [] })])
      expect(await rejected(ask())).toBeInstanceOf(StoreUnavailable);
    expect(redis.commands('p:later')).toEqual([]);
    redis.rule = () => undefined;
    redis.breakConnections();
    await eventually(() => expect(store.isUp).toBe(true));
    expect(await store.get('a')).toBeUndefined();
  });

  it('sends no command a second time when its connection broke before it was answered', async () => {
    redis.rule = ([, key]) => (key === 'p:a' ? SILENCE : undefined);
    const asked = ['x', 'y'].map((value) => rejected(store.set('a', value, 1_000)));
    await eventually(() => expect(redis.commands('p:a')).toHaveLength(2));
    redis.breakConnections();
    for (const outcome of await Promise.all(asked)) expect(outcome).toBeInstanceOf(StoreUnavailable);
    redis.rule = () => undefined;
    await eventually(() => expect(store.isUp).toBe(true));
    expect(redis.commands('p:a')).toHaveLength(2);
  });

  it('takes an error for an answer: Redis is there, those beside it are answered, and it is said why', async () => {
    const refusal = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
    redis.rule = ([command = '']) => (/^(set|eval)/i.test(command) ? refusal : undefined);
    const [set, get] = await Promise.all([rejected(store.set('a', 'x', 1_000)), store.get('a')]);
    expect(set).toMatchObject({ cause: { message: expect.stringContaining('OOM') as unknown } });
    expect([get, store.isUp]).toEqual([undefined, true]);
    await eventually(() => expect(store.trouble).toBe('out of memory'));
    redis.rule = () => undefined;
    await eventually(() => expect(store.trouble).toBeUndefined());
  });

  it('gives a lease back that it asked for in vain right behind it, however long Redis is silent', async () => {
    redis.rule = () => SILENCE;
    const look = store.getOrClaim('k', 0, newLease('k:lease', 60_000));
    expect(await rejected(look)).toBeInstanceOf(StoreUnavailable);
    // On the same connection, so that it is done behind it whenever Redis goes on.
    await eventually(() => expect(redis.commands('p:k:lease')).toHaveLength(2));
    const [asked, givenBack] = redis.commands('p:k:lease');
    expect([asked?.includes('p:k'), givenBack?.includes('p:k')]).toEqual([true, false]);
    expect(asked?.slice(-2)[0]).toBe(givenBack?.at(-1));
  });

  it('sends a script whole where a connection does it for the first time or Redis forgot it, else by its hash', async () => {
    const names = () => redis.commands('p:time').map(([command]) => command?.toLowerCase());
    redis.rule = (words) => (words.includes('p:time') ? ':7\r\n' : undefined);
    expect([await store.time(), await store.time()]).toEqual([7, 7]);
    let isForgotten = true;
    redis.rule = ([command = '', ...words]) => {
      if (!words.includes('p:time')) return undefined;
      const reply =
        isForgotten && /^evalsha$/i.test(command) ? '-NOSCRIPT No matching script.\r\n' : ':8\r\n';
      isForgotten = false;
      return reply;
    };
    expect(await store.time()).toBe(8);
    expect(names()).toEqual(['eval', 'evalsha', 'evalsha', 'eval']);
  });
});
