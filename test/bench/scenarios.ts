import { throughput, type Bench, type Finding } from './bench.js';
import type { Request } from './load.js';
import type { Result } from './runner.js';
import { countReads, eachStatusOnce, statusReads, statusReadsWith, withHeaders } from './requests.js';
import { PRINTERS } from './world.js';

/** So many jobs that none is asked for twice while its status is fresh. */
const CHANGING_JOBS = 30_000;

export async function counts(bench: Bench): Promise<Finding> {
  const requests = countReads(bench.holders);
  const results = await bench.runRounds(bench.everybody.map((server) => ({ server, requests })));
  return { title: '(b) Print counts', results };
}

export async function statusMiss(bench: Bench): Promise<Finding> {
  const { holders, world, servers } = bench;
  const jobs = await world.print(servers.ours, holders, CHANGING_JOBS, PRINTERS.slow);
  const requests = eachStatusOnce(holders, jobs);
  const results = await bench.runRounds(bench.proxies.map((server) => ({ server, requests })));
  return {
    title: '(c) Status that must be fetched',
    results,
    targets: throughput(results, servers.httpProxy, 0.9),
  };
}

export async function notModified(bench: Bench): Promise<Finding> {
  const { ours } = bench.servers;
  const requests = statusReads(bench.holders, bench.jobs);
  const { path, headers } = requests[0] as Request;
  const answer = await fetch(ours.url + path, { headers });
  const matching = withHeaders(requests, { 'if-none-match': answer.headers.get('etag') ?? '' });
  const results = await bench.runRounds([
    { server: ours, requests, name: '200' },
    { server: ours, requests: matching, name: '304' },
  ]);
  return { title: '(e) Status that the caller has already', results };
}

export async function refused(bench: Bench): Promise<Finding> {
  const { holders, jobs, servers, world } = bench;
  const { ours: server } = servers;
  const job = jobs[0]?.[0] ?? '';
  const ended = await world.holders(500, { exp: Math.floor(Date.now() / 1000) - 3_600 });
  const forged = holders.map(({ token }) => `${token.slice(0, -64)}${'A'.repeat(64)}`);
  const refusals: [string, readonly string[]][] = [
    ['401: malformed', ['not-a-token']],
    ['401: ended', ended.map(({ token }) => token)],
    ['401: forged', forged],
  ];
  const results = await bench.runRounds([
    { server, requests: statusReads(holders, jobs), name: '200' },
    ...refusals.map(([name, tokens]) => ({
      ...{ server, requests: statusReadsWith(tokens, job), name, refused: true },
    })),
  ]);
  const [accepted, malformed] = results as [Result, Result];
  const value = malformed.perSecond / accepted.perSecond;
  return {
    title: '(f) Refused tokens',
    results,
    targets: [{ text: 'requests per second, malformed : accepted', value, atLeast: 0.8 }],
  };
}

/** Whether a read costs the same when a hundred times as many jobs and twenty times as many users are in play. */
export async function flatCost(bench: Bench): Promise<Finding> {
  const { ours: server } = bench.servers;
  const holders = await bench.world.holders(10_000);
  const jobs = await bench.world.print(server, holders, 100_000, PRINTERS.quick);
  const many = statusReads(holders, jobs, 100_000);
  await allSent(bench, server.port, eachStatusOnce(holders, jobs));
  await allSent(bench, server.port, many);
  const results = await bench.runRounds([
    { server, requests: statusReads(bench.holders, bench.jobs), name: '1,000 jobs, 500 tokens' },
    { server, requests: many, name: '100,000 jobs, 10,000 tokens' },
  ]);
  const [few, most] = results as [Result, Result];
  const value = most.perSecond / few.perSecond;
  return {
    title: 'Cost with many jobs and tokens',
    results,
    targets: [{ text: 'requests per second, many : few', value, atLeast: 0.85 }],
  };
}

/** Each of them once, so that every job and every token is known. */
async function allSent({ load }: Bench, port: number, requests: readonly Request[]): Promise<void> {
  let sent = 0;
  while (sent < requests.length) sent += (await load(port, requests.slice(sent), 5)).requests;
}
