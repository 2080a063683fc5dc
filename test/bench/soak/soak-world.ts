import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINK_FAULTS, TcpRelay } from '../../faults/tcp-relay.js';
import { CREDENTIALS, Emulator } from '../../support/emulator.js';
import { eventually } from '../../support/eventually.js';
import type { BenchServer } from '../server.js';
import { startGateway } from '../servers.js';
import { World } from '../world.js';

/** Small enough to be reached within the first minutes: from then on nothing may grow. */
const BOUNDS = {
  JOBS_PROCESS_ENTRIES: '1500',
  CACHE_PROCESS_ENTRIES: '1500',
  AUTH_TOKEN_CACHE_ENTRIES: '400',
};
const SETTINGS = {
  ...BOUNDS,
  RESOLUTION_SETTLE_MS: '2000',
  IDAAS_READ_TIMEOUT_MS: '2000',
  IDAAS_PRINT_TIMEOUT_MS: '2000',
  EVENTS_PER_CALLER: '1000',
  LOG_LEVEL: 'warn',
};

/** A gateway whose upstream and whose Redis are each behind a relay that harms the connections, and whose policy changes. */
export class SoakWorld {
  private harmed = 0;
  private reloads = 0;

  private constructor(
    readonly world: World,
    private readonly emulator: Emulator,
    private readonly links: readonly TcpRelay[],
    readonly gateway: BenchServer,
  ) {}

  static async open(): Promise<SoakWorld> {
    const world = await World.open();
    const emulator = await Emulator.start({ EMULATOR_QUEUED_MS: '500', EMULATOR_CARD_MS: '5' });
    const links = [
      await TcpRelay.start(Number(new URL(emulator.url).port)),
      await TcpRelay.start(world.redis.port),
    ] as const;
    process.env.BENCH_NODE_OPTIONS = `--expose-gc --import=${join(import.meta.dirname, '../heap-on-signal.js')}`;
    const gateway = await startGateway(world, {
      ...SETTINGS,
      IDAAS_BASE_URL: `http://127.0.0.1:${links[0].port}`,
      IDAAS_APPLICATION_ID: CREDENTIALS.applicationId,
      IDAAS_SHARED_SECRET: CREDENTIALS.sharedSecret,
      REDIS_URL: `redis://127.0.0.1:${links[1].port}`,
    });
    return new SoakWorld(world, emulator, links, gateway);
  }

  async close(): Promise<void> {
    await this.world.close();
    await Promise.all(this.links.map((link) => link.close()));
    await this.emulator.stop();
  }

  /** Each link in turn suffers each fault in turn, for so long. Tells what it was. */
  async harm(milliseconds: number): Promise<string> {
    const link = this.links[this.harmed % 2] as TcpRelay;
    const fault = LINK_FAULTS[
      Math.floor(this.harmed / 2) % LINK_FAULTS.length
    ] as (typeof LINK_FAULTS)[number];
    this.harmed += 1;
    await link.injectFault(fault);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await link.mend();
    return `${link === this.links[0] ? 'upstream' : 'Redis'} ${fault}`;
  }

  /** Writes the policy with another limit, which the gateway takes at once. */
  changePolicy(): void {
    this.reloads += 1;
    const file = join(this.world.directory, 'policy.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/copies: \d+/, `copies: ${100 + (this.reloads % 2)}`));
  }

  /** What the gateway holds when it has nothing to do and all garbage is collected. */
  async held(): Promise<{ heap: number; descriptors: number }> {
    await this.gateway.atRest();
    const said = () => [...readFileSync(this.gateway.logFile, 'utf8').matchAll(/^heap (\d+)$/gm)];
    const before = said().length;
    this.gateway.signal('SIGCONT');
    const heap = await eventually(() => {
      const heaps = said();
      if (heaps.length === before) throw new Error('the gateway does not say what its heap is');
      return Number(heaps.at(-1)?.[1]);
    });
    return { heap, descriptors: this.gateway.descriptors };
  }

  /** What the log says that must not be there. */
  get unexpected(): string[] {
    return (
      readFileSync(this.gateway.logFile, 'utf8').match(/^.*(?:unexpected error|uncaught|unhandled).*$/gim) ??
      []
    );
  }
}
