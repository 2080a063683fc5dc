import { readFileSync } from 'node:fs';
import { TunnelAgent, type ProxyFor } from '#libs/network';

const TIMEOUT_MS = 10_000;

/** How the exporter of traces reaches its collector through a proxy; undefined where there is none, and it goes its own way. */
export function collectorAgent(endpoint: string, proxyFor: ProxyFor): TunnelAgent | undefined {
  const address = new URL(endpoint);
  const proxy = proxyFor(address);
  return (
    proxy && new TunnelAgent(proxy, TIMEOUT_MS, address.protocol === 'https:' ? certificates() : undefined)
  );
}

/** The exporter's own variables (OpenTelemetry, "OTLP exporter configuration"), which it reads for an agent of its own only. */
function certificates() {
  return {
    ...fileOf('ca', 'CERTIFICATE'),
    ...fileOf('cert', 'CLIENT_CERTIFICATE'),
    ...fileOf('key', 'CLIENT_KEY'),
  };
}

function fileOf(option: 'ca' | 'cert' | 'key', name: string): Partial<Record<typeof option, Buffer>> {
  const { env } = process;
  const path = env[`OTEL_EXPORTER_OTLP_TRACES_${name}`] ?? env[`OTEL_EXPORTER_OTLP_${name}`];
  return path ? { [option]: readFileSync(path) } : {};
}
