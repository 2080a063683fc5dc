import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import type { Bench, Finding } from './bench.js';
import { median } from './runner.js';
import { statusReads } from './requests.js';
import { startGateway } from './servers.js';
import { PRINTERS, type Holder } from './world.js';

const STREAMS = 2_000;
const JOBS = 200;
const OPENING_AT_ONCE = 50;
const WATCHED_MS = 10_000;
const STARTS = 5;
const WARM_UP_SECONDS = 5;

/** (g) What open streams cost, in memory and in processor time, while their jobs go on. */
export async function streams(bench: Bench): Promise<Finding> {
  const { world, holders, load } = bench;
  const gateway = await startGateway(world);
  const jobs = await world.print(gateway, holders, JOBS, PRINTERS.slow);
  // A process that has just started grows with whatever comes first; what streams cost shows in one that works already.
  await load(gateway.port, statusReads(holders, jobs), WARM_UP_SECONDS);
  const agent = new Agent({ maxSockets: Infinity });
  const before = gateway.residentBytes;
  const opened: Opened[] = [];
  const open = async () => {
    while (opened.length < STREAMS) {
      const holder = holders[opened.length % holders.length] as Holder;
      const own = jobs[holder.tenant] as string[];
      const stream: Opened = { text: '' };
      opened.push(stream);
      const url = `${gateway.url}/api/gateway/v1/jobs/${own[opened.length % own.length]}/events`;
      await follow(url, holder.token, agent, stream);
    }
  };
  await Promise.all(Array.from({ length: OPENING_AT_ONCE }, open));
  await eventually(() => {
    const silent = opened.filter(({ text }) => !text.includes('IN_PROGRESS')).length;
    if (silent > 0) throw new Error(`${silent} streams say nothing`);
  });
  const cpuBefore = gateway.cpuMicroseconds;
  await delay(WATCHED_MS);
  const cpuShare = (gateway.cpuMicroseconds - cpuBefore) / 1000 / WATCHED_MS;
  const kilobytes = (gateway.residentBytes - before) / STREAMS / 1000;
  agent.destroy();
  await gateway.stop();
  return {
    title: `(g) ${STREAMS} streams on ${JOBS} jobs`,
    results: [],
    targets: [{ text: 'kB of resident memory for each stream', value: kilobytes, atMost: 15 }],
    notes: [`${(100 * cpuShare).toFixed(0)} % of a core, while each job is asked for every second`],
  };
}

interface Opened {
  text: string;
}

async function follow(url: string, token: string, agent: Agent, stream: Opened): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(url, { agent, headers }, resolve).on('error', reject),
  );
  response.on('data', (chunk: Buffer) => (stream.text += chunk.toString()));
  response.on('error', () => {});
}

/** (h) From the start of the process to the first time that it says that it is ready. */
export async function start({ world }: Bench): Promise<Finding> {
  const seconds: number[] = [];
  for (let turn = 0; turn < STARTS; turn += 1) {
    const startedAt = performance.now();
    const gateway = await startGateway(world);
    seconds.push((performance.now() - startedAt) / 1000);
    await gateway.stop();
  }
  return {
    title: '(h) Start to ready',
    results: [],
    targets: [{ text: 'seconds, the median of five', value: median(seconds), atMost: 1 }],
  };
}
