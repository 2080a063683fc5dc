import { Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { AuthTokenService } from './auth-token.service.js';
import { CredentialsSource } from './credentials-source.js';
import { HttpTransport } from './http-send.js';
import { IdaasClient } from './idaas.client.js';
import { IdaasConfig } from './idaas.config.js';
import { idaasStack } from './idaas.stack.js';
import { circuitFor } from './with-circuit.js';
import { withDeadline } from './with-deadline.js';

const transport: Provider = {
  provide: HttpTransport,
  inject: [IdaasConfig, CredentialsSource],
  useFactory: (config: IdaasConfig, credentials: CredentialsSource) =>
    new HttpTransport({
      connections: config.connections,
      connectTimeoutMs: config.connectTimeoutMs,
      maxResponseBytes: config.maxResponseBytes,
      baseUrl: () => credentials.current.baseUrl,
    }),
};

const authTokens: Provider = {
  provide: AuthTokenService,
  inject: [HttpTransport, CredentialsSource, IdaasConfig],
  useFactory: (http: HttpTransport, credentials: CredentialsSource, config: IdaasConfig) =>
    new AuthTokenService(withDeadline(http.send), credentials, {
      timeoutMs: config.readTimeoutMs,
      now: () => performance.now(),
    }),
};

const client: Provider = {
  provide: IdaasClient,
  inject: [IdaasConfig, HttpTransport, AuthTokenService],
  useFactory: (config: IdaasConfig, http: HttpTransport, tokens: AuthTokenService) => {
    const circuit = circuitFor({ failures: config.circuitFailures, pauseMs: config.circuitPauseMs });
    return new IdaasClient(idaasStack(config, http.send, tokens, circuit), config);
  },
};

@Module({ providers: [CredentialsSource, transport, authTokens, client], exports: [IdaasClient] })
export class IdaasModule implements OnApplicationShutdown {
  constructor(@Inject(HttpTransport) private readonly http: HttpTransport) {}

  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }
}
