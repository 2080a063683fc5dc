import { throughput, type Bench, type Finding } from './bench.js';
import type { Result } from './runner.js';
import { statusReads, withHeaders } from './requests.js';
import { startGateway } from './servers.js';
import { PAGE_ORIGIN } from './world.js';

/** What Chrome sends beside a page's own headers when the gateway is of another site. */
const PAGE_HEADERS = {
  connection: 'keep-alive',
  'sec-ch-ua-platform': '"Windows"',
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  accept: 'application/json',
  'sec-ch-ua': '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"',
  'sec-ch-ua-mobile': '?0',
  origin: PAGE_ORIGIN,
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  referer: `${PAGE_ORIGIN}/`,
  'accept-encoding': 'gzip, deflate, br, zstd',
  'accept-language': 'en-GB,en;q=0.9,de;q=0.8',
};

/** (a) The status of a job that is final, by a user who is known. */
export async function cachedStatus(bench: Bench): Promise<Finding> {
  const { bare, haproxy, usualNest } = bench.servers;
  const requests = statusReads(bench.holders, bench.jobs);
  const results = await bench.runRounds(bench.everybody.map((server) => ({ server, requests })));
  const [first, ours] = [results[0], results.at(-1)] as [Result, Result];
  return {
    title: '(a) Cached status, 500 tokens, 1,000 jobs',
    results,
    targets: [
      ...throughput(results, haproxy, 1),
      ...throughput(results, bare, 0.6),
      ...throughput(results, usualNest, 7),
      { text: 'p99, ours : bare node:http', value: ours.p99Ms / first.p99Ms, atMost: 2 },
    ],
  };
}

/** (a-page) The same as a page of another origin asks for it. */
export async function cachedStatusForPage(bench: Bench): Promise<Finding> {
  const { bare, ours } = bench.servers;
  const plain = statusReads(bench.holders, bench.jobs);
  const requests = withHeaders(plain, PAGE_HEADERS);
  const results = await bench.runRounds([
    { server: bare, requests: plain, name: `${bare.name}, plain` },
    { server: ours, requests: plain, name: `${ours.name}, plain` },
    { server: bare, requests, name: `${bare.name}, a page` },
    { server: ours, requests, name: `${ours.name}, a page` },
  ]);
  const [barePlain, oursPlain, barePage, oursPage] = results.map(({ perSecond }) => perSecond) as [
    number,
    number,
    number,
    number,
  ];
  const value = oursPage / barePage / (oursPlain / barePlain);
  return {
    title: '(a-page) Cached status, as a page asks for it',
    results,
    targets: [{ text: 'ours : bare of a page, over ours : bare of a plain read', value, atLeast: 0.9 }],
  };
}

/** (a-traced) The same while every hundredth trace is recorded and sent. Any server that answers 200 can stand for a collector. */
export async function cachedStatusTraced(bench: Bench): Promise<Finding> {
  const { servers, world, holders, jobs } = bench;
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: world.facts.ORIGIN ?? '',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.01',
  };
  const traced = await startGateway(world, settings, 'this gateway, traced');
  const requests = statusReads(holders, jobs);
  const results = await bench.runRounds([
    { server: servers.ours, requests },
    { server: traced, requests },
  ]);
  await traced.stop();
  const [plain, ours] = results as [Result, Result];
  const value = ours.perSecond / plain.perSecond;
  return {
    title: '(a-traced) Cached status, one trace of a hundred recorded',
    results,
    targets: [{ text: 'requests per second, traced : not traced', value, atLeast: 0.8 }],
  };
}
