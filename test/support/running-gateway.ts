import { freePort, onFreePort } from './free-port.js';
import { Program, type ProgramOptions } from './program.js';

export interface RunningGateway {
  readonly url: string;
  readonly managementUrl: string;
  program: Program;
  /** All its numbers, as Prometheus fetches them. */
  readonly metrics: () => Promise<string>;
  /** Starts it again, on the same ports. */
  readonly start: () => Promise<Program>;
}

/** The built gateway on free ports, with settings that suit tests, and these. */
export function startGateway(
  environment: Record<string, string>,
  options?: ProgramOptions,
): Promise<RunningGateway> {
  return onFreePort((port) => startAt(port, environment, options));
}

async function startAt(
  port: number,
  environment: Record<string, string>,
  options?: ProgramOptions,
): Promise<RunningGateway> {
  const managementPort = await freePort();
  const host = environment.HOST ?? '127.0.0.1';
  const urlOf = (each: number) => `http://${host.includes(':') ? `[${host}]` : host}:${each}`;
  const managementUrl = urlOf(managementPort);
  const settings = {
    PORT: String(port),
    HOST: host,
    MANAGEMENT_PORT: String(managementPort),
    FILE_POLL_MS: '20',
    // Room for fewer entries than in production: to set memory apart for those takes a good part of a start.
    CACHE_PROCESS_ENTRIES: '20000',
    JOBS_PROCESS_ENTRIES: '20000',
    STOP_GRACE_MS: '0',
    // What is unknown stays so, in tests that are not about finding it out.
    RESOLUTION_INTERVAL_MS: '3600000',
    // A print whose answer was lost does not keep its printer busy.
    RESOLUTION_SETTLE_MS: '0',
    LOG_LEVEL: 'debug',
    ...environment,
  };
  const start = async () => {
    const program = new Program('gateway', settings, options);
    await program.answering(`${managementUrl}/health/ready`);
    return program;
  };
  const metrics = async () => (await fetch(`${managementUrl}/metrics`)).text();
  return { url: urlOf(port), managementUrl, metrics, start, program: await start() };
}
