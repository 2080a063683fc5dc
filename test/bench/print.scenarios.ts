import { dataUri, noisePng } from '../support/builders.js';
import { throughput, type Bench, type Finding } from './bench.js';
import type { Result } from './runner.js';
import { prints } from './requests.js';

const IMAGE_WIDTH = 1_000;
/** Each prints one card at a time. */
const BUSY_PRINTERS = Array.from(
  { length: 64 },
  (_, index) => `0b0db90a-6091-416f-8559-2f2181e94${(0x100 + index).toString(16)}`,
);

export async function smallPrint(bench: Bench): Promise<Finding> {
  const finding = await print(bench, '(d) Print, 2 kB of image, 64 printers', 1_500);
  return { ...finding, targets: throughput(finding.results, bench.servers.httpProxy, 0.3) };
}

export async function largePrint(bench: Bench): Promise<Finding> {
  const { httpProxy, usualNest } = bench.servers;
  const finding = await print(bench, '(d) Print, 1 MB of image, 64 printers', 750_000);
  const { results } = finding;
  const ours = results.at(-1) as Result;
  return {
    ...finding,
    targets: [
      ...throughput(results, httpProxy, 0.45),
      ...throughput(results, usualNest, 2.5),
      { text: 'MB of resident memory, ours', value: ours.residentBytes / 1e6, atMost: 350 },
    ],
  };
}

async function print(bench: Bench, title: string, imageBytes: number): Promise<Finding> {
  const body = JSON.stringify({
    print: {
      front: [{ data: dataUri(noisePng(IMAGE_WIDTH, Math.ceil(imageBytes / IMAGE_WIDTH))), layer: 'COLOR' }],
    },
  });
  const requests = prints(bench.holders.slice(0, 10), BUSY_PRINTERS, body);
  return { title, results: await bench.runRounds(bench.proxies.map((server) => ({ server, requests }))) };
}
