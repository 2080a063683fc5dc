import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { Agent, request } from 'undici';
import { freePort } from '../support/free-port.js';
import { RedisServer } from '../support/redis.js';
import { printRequest } from '../support/builders.js';
import { BenchServer, type Command } from './server.js';

const ISSUER = 'https://id.bench.example';
const AUDIENCE = 'print-gateway';
const TENANTS = 10;
const PRINTING_AT_ONCE = 32;
/** A page that callers' browsers show. */
export const PAGE_ORIGIN = 'https://cards.bench.example';
const POLICY = `issuers:
  - issuer: ${ISSUER}
    audience: ${AUDIENCE}
    algorithms: [RS256]
    publicKeyFile: issuer.pem
    claims: { subject: sub, tenant: tid, roles: roles }
roles:
  supervisor:
    permissions: [ISSUANCE:ADD, ISSUANCE:VIEW, ISSUANCE:EDIT, ISSUANCE:REMOVE, PRINTERS:VIEW, REPORTS:VIEW]
    jobs: tenant
    printers: '*'
    features: [print]
    requireIdempotencyKey: false
    limits: { copies: 100, cardsPerDay: 1000000000, requestsPerMinute: 1000000000 }
cors: { origins: [${PAGE_ORIGIN}] }
`;

/** Printers of the origin: what is printed at the first is COMPLETED at once, at the second it goes on for ever. */
export const PRINTERS = {
  quick: '0b0db90a-6091-416f-8559-2f2181e941c3',
  slow: '1c1eca1b-71a2-4270-9660-3f3292fa5005',
};

export interface Holder {
  readonly token: string;
  readonly tenant: number;
}

/** An issuer, its users and their jobs; an upstream and a Redis; and the servers that are compared. */
export class World {
  readonly directory = mkdtempSync(join(tmpdir(), 'print-gateway-bench-'));
  readonly publicKeyFile = join(this.directory, 'issuer.pem');
  private readonly key: KeyObject;
  private readonly agent = new Agent({ connections: PRINTING_AT_ONCE });
  private readonly started: BenchServer[] = [];

  private constructor(
    readonly redis: RedisServer,
    readonly originPort: number,
  ) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    this.key = privateKey;
    writeFileSync(this.publicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }));
    writeFileSync(join(this.directory, 'policy.yaml'), POLICY);
  }

  static async open(): Promise<World> {
    const world = new World(await RedisServer.start(), await freePort());
    const words = [process.execPath, join(import.meta.dirname, 'origin.js')];
    const environment = { PORT: String(world.originPort) };
    const origin = { name: 'origin', words, environment, port: world.originPort };
    world.started.push(await BenchServer.besides(origin, world.directory));
    return world;
  }

  async close(): Promise<void> {
    await this.agent.close();
    await Promise.all(this.started.map((each) => each.stop()));
    await this.redis.stop();
    rmSync(this.directory, { recursive: true });
  }

  async start(command: Command): Promise<BenchServer> {
    const server = await BenchServer.measured(command, this.directory);
    this.started.push(server);
    return server;
  }

  /** What the baselines need to know to check the same tokens and to reach the same upstream. */
  get facts(): Record<string, string> {
    return {
      ORIGIN: `http://127.0.0.1:${this.originPort}`,
      PUBLIC_KEY_FILE: this.publicKeyFile,
      ISSUER,
      AUDIENCE,
      REDIS_URL: this.redis.url,
    };
  }

  get issuer(): string {
    return ISSUER;
  }

  /** So many users, each with an access token, spread over ten tenants. */
  holders(count: number, changes: Record<string, unknown> = {}): Promise<Holder[]> {
    return Promise.all(Array.from({ length: count }, (_, index) => this.holder(index, changes)));
  }

  private async holder(index: number, changes: Record<string, unknown>): Promise<Holder> {
    const tenant = index % TENANTS;
    const claims = {
      tid: `tenant-${tenant}`,
      roles: ['supervisor'],
      client_id: 'bench',
      jti: randomUUID(),
      ...changes,
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(`user-${index}`)
      .setIssuedAt()
      .setExpirationTime((changes.exp as number | undefined) ?? '6h')
      .sign(this.key);
    return { token, tenant };
  }

  /** Prints so many cards through the gateway, as the first user of each tenant in turn; the jobs by tenant. */
  async print(
    gateway: BenchServer,
    holders: readonly Holder[],
    count: number,
    printer: string,
  ): Promise<string[][]> {
    const jobs: string[][] = Array.from({ length: TENANTS }, () => []);
    let left = count;
    const work = async () => {
      while (left > 0) {
        const { token, tenant } = holders[--left % TENANTS] as Holder;
        jobs[tenant]?.push(await this.printOne(gateway, token, printer));
      }
    };
    await Promise.all(Array.from({ length: PRINTING_AT_ONCE }, work));
    return jobs;
  }

  private async printOne(gateway: BenchServer, token: string, printer: string): Promise<string> {
    const { statusCode, body } = await request(`${gateway.url}/api/web/v1/printers/${printer}/print`, {
      method: 'POST',
      dispatcher: this.agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(printRequest()),
    });
    const answer = (await body.json()) as { printStatus: { id: string } };
    if (statusCode !== 200)
      throw new Error(`a print was answered with ${statusCode}: ${JSON.stringify(answer)}`);
    return answer.printStatus.id;
  }
}
