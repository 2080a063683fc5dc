import type { buildConnector } from 'undici';
import type { AuthTokenService } from './auth-token.service.js';
import { HttpTransport } from './http-send.js';
import type { IdaasConfig } from './idaas.config.js';
import type { Send } from './send.js';
import { withAuthToken } from './with-auth-token.js';
import { withCircuit, type UpstreamCircuit } from './with-circuit.js';
import { withDeadline } from './with-deadline.js';
import { withRetry } from './with-retry.js';

/** The bottom of the stack, as these settings say, over connections that `connect` opens. */
export function transportTo(
  baseUrl: () => string,
  { connections, maxResponseBytes }: IdaasConfig,
  connect: buildConnector.connector,
): HttpTransport {
  return new HttpTransport({ connections, connect, maxResponseBytes, baseUrl });
}

/** The layers of a call, from the caller's side down. Order matters: one deadline spans all that is tried again. */
export function idaasStack(
  config: IdaasConfig,
  http: Send,
  tokens: AuthTokenService,
  circuit: UpstreamCircuit,
): Send {
  const layers = [
    withDeadline,
    withRetry({ attempts: config.readAttempts, delayMs: config.retryDelayMs }),
    withCircuit(circuit),
    withAuthToken(tokens),
  ];
  return layers.reduceRight((next, layer) => layer(next), http);
}
