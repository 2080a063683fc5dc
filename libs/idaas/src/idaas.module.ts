import { Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { FilesConfig } from '#libs/config';
import { outboundConnector, ProxyConfig, TlsFiles } from '#libs/network';
import { Metrics } from '#libs/telemetry';
import { AuthTokenService } from './auth-token.service.js';
import { AuthenticationWatch } from './authentication-watch.js';
import { CredentialsSource } from './credentials-source.js';
import { HttpTransport } from './http-send.js';
import { IdaasClient } from './idaas.client.js';
import { IdaasConfig, IdaasTlsConfig } from './idaas.config.js';
import { idaasStack, transportTo } from './idaas.stack.js';
import type { Send } from './send.js';
import { UpstreamCircuit } from './with-circuit.js';
import { withDeadline } from './with-deadline.js';
import { withObservation, type Observe } from './with-observation.js';

/** The certificates with which the upstream is reached. */
class UpstreamCertificates extends TlsFiles {}

const certificates: Provider = {
  provide: UpstreamCertificates,
  inject: [IdaasTlsConfig, FilesConfig],
  useFactory: (names: IdaasTlsConfig, { pollMs }: FilesConfig) => new UpstreamCertificates(names, pollMs),
};

const transport: Provider = {
  provide: HttpTransport,
  inject: [IdaasConfig, CredentialsSource, ProxyConfig, UpstreamCertificates],
  useFactory: (
    config: IdaasConfig,
    credentials: CredentialsSource,
    proxies: ProxyConfig,
    certificates: UpstreamCertificates,
  ) => {
    const connect = outboundConnector({
      timeoutMs: config.connectTimeoutMs,
      proxyFor: config.proxy ? () => config.proxy : proxies.proxyFor,
      secureContext: () => certificates.secureContext,
    });
    const http = transportTo(() => credentials.current.baseUrl, config, connect);
    certificates.onChange(() => http.renew());
    return http;
  },
};

/** Every request that goes out, measured. */
const SEND = Symbol('Send');

const send: Provider = {
  provide: SEND,
  inject: [HttpTransport, CredentialsSource, Metrics],
  useFactory: (http: HttpTransport, credentials: CredentialsSource, metrics: Metrics): Send => {
    const durations = metrics.durations(
      'upstream_duration_seconds',
      'Requests to the upstream, by operation and how they ended.',
      ['operation', 'outcome'],
    );
    const observe: Observe = (operation, outcome, seconds) =>
      durations.observe({ operation, outcome }, seconds);
    return withObservation(observe, () => credentials.current.baseUrl)(http.send);
  },
};

const authTokens: Provider = {
  provide: AuthTokenService,
  inject: [SEND, CredentialsSource, IdaasConfig],
  useFactory: (send: Send, credentials: CredentialsSource, config: IdaasConfig) =>
    new AuthTokenService(withDeadline(send), credentials, {
      timeoutMs: config.readTimeoutMs,
      now: () => performance.now(),
    }),
};

const circuit: Provider = {
  provide: UpstreamCircuit,
  inject: [IdaasConfig],
  useFactory: ({ circuitFailures, circuitPauseMs }: IdaasConfig) =>
    new UpstreamCircuit({ failures: circuitFailures, pauseMs: circuitPauseMs }),
};

const client: Provider = {
  provide: IdaasClient,
  inject: [IdaasConfig, SEND, AuthTokenService, UpstreamCircuit],
  useFactory: (config: IdaasConfig, send: Send, tokens: AuthTokenService, breaker: UpstreamCircuit) =>
    new IdaasClient(idaasStack(config, send, tokens, breaker), config),
};

@Module({
  providers: [
    CredentialsSource,
    certificates,
    transport,
    send,
    authTokens,
    AuthenticationWatch,
    circuit,
    client,
  ],
  exports: [IdaasClient, AuthTokenService, AuthenticationWatch, HttpTransport],
})
export class IdaasModule implements OnApplicationShutdown {
  constructor(
    @Inject(HttpTransport) private readonly http: HttpTransport,
    tokens: AuthTokenService,
    breaker: UpstreamCircuit,
    metrics: Metrics,
  ) {
    metrics.gauge('auth_token_age_seconds', 'Age of the auth token; -1 while there is none.', () =>
      tokens.ageMs === undefined ? -1 : tokens.ageMs / 1000,
    );
    metrics.gauge('auth_token_renewals', 'Auth tokens got since the start.', () => tokens.renewals);
    metrics.gauge('credentials_refused', '1 while the upstream refuses our credentials.', () =>
      Number(tokens.isRefused),
    );
    metrics.gauge(
      'circuit_open',
      '1 while nothing is sent to the upstream but a request that finds out whether it answers.',
      () => Number(breaker.isOpen),
    );
  }

  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }
}
