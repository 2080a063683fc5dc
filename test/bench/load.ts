import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

export const CONNECTIONS = 32;
/** The slowest need a second for a large print. */
export const TIMEOUT_SECONDS = 10;
const runFile = promisify(execFile);

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the load saw. */
interface Measured {
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers of 400 and above, and connections that broke. */
  readonly failed: number;
}

/** Sends the requests round and round over 32 connections for so many seconds. */
export type Load = (port: number, requests: readonly Request[], seconds: number) => Promise<Measured>;

/** `wrk` where it is installed: it costs the least of the loading core. */
export function loadWith(directory: string): Load {
  return isInstalled('wrk') ? withWrk(directory) : withAutocannon;
}

export function isInstalled(program: string): boolean {
  return spawnSync(program, ['-v']).error === undefined;
}

/** Requests are written once and sent as they are; Lua takes the next one and does nothing else. */
const LUA = `
local requests, turn = {}, 0
function init(args)
  local file = io.open(args[1], 'rb')
  while true do
    local length = file:read('*l')
    if not length then break end
    requests[#requests + 1] = file:read(tonumber(length))
  end
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\\n{"requests":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f,"failed":%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
`;

function withWrk(directory: string): Load {
  const script = join(directory, 'load.lua');
  writeFileSync(script, LUA);
  return async (port, requests, seconds) => {
    const file = join(directory, 'requests');
    writeFileSync(file, requests.map((request) => framed(request, port)).join(''));
    const url = `http://127.0.0.1:${port}`;
    const limits = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, `-T${TIMEOUT_SECONDS}s`];
    const words = [...limits, '-s', script, url, '--', file];
    const { stdout } = await runFile('wrk', words);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured;
  };
}

function framed({ method, path, headers, body = '' }: Request, port: number): string {
  const all = {
    host: `127.0.0.1:${port}`,
    ...headers,
    ...(body && { 'content-length': String(body.length) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const raw = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
  return `${raw.length}\n${raw}`;
}

/** Its package is the bench's own, which is not there while only types are checked. */
const withAutocannon: Load = async (...load) => {
  const file = join(import.meta.dirname, 'baselines/autocannon-load.js');
  const { autocannonLoad } = (await import(pathToFileURL(file).href)) as { autocannonLoad: Load };
  return autocannonLoad(...load);
};
