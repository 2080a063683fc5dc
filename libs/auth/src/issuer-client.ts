import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, fetch, type Response } from 'undici';
import { FilesConfig } from '#libs/config';
import { outboundConnector, ProxyConfig, TlsFiles } from '#libs/network';
import { AuthConfig, AuthTlsConfig } from './auth.config.js';

/** To one provider: a policy may name a thousand tenants of one, whose keys are all fetched at the start. */
const MAX_CONNECTIONS = 16;
/** A question about a token goes out on no connection that the other side may be closing. */
const IDLE_MS = 1_000;

/** Sends one request to an identity provider, and follows no redirect. */
export type Ask = (
  address: string,
  request: {
    readonly signal: AbortSignal;
    readonly method?: 'POST';
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: URLSearchParams;
  },
) => Promise<Response>;

/** Asks for JSON, directly or over what is given. A redirect could lead anywhere, and is not followed. */
export const askOver =
  (dispatcher?: () => Agent): Ask =>
  (address, { headers, ...rest }) =>
    fetch(address, {
      ...rest,
      redirect: 'manual',
      headers: { accept: 'application/json', ...headers },
      ...(dispatcher && { dispatcher: dispatcher() }),
    });

/** Asks identity providers over the network: through the proxy, with the certificates. */
@Injectable()
export class IssuerClient implements OnApplicationShutdown {
  private readonly certificates: TlsFiles;
  private agent: Agent;

  /** Throws `TlsFilesFault`. */
  constructor(
    private readonly config: AuthConfig,
    private readonly proxies: ProxyConfig,
    names: AuthTlsConfig,
    { pollMs }: FilesConfig,
  ) {
    this.certificates = new TlsFiles(names, pollMs);
    this.agent = this.newAgent();
    this.certificates.onChange(() => {
      void this.agent.close();
      this.agent = this.newAgent();
    });
  }

  readonly ask = askOver(() => this.agent);

  async onApplicationShutdown(): Promise<void> {
    this.certificates.close();
    await this.agent.destroy();
  }

  private newAgent(): Agent {
    const connect = outboundConnector({
      timeoutMs: this.config.keysTimeoutMs,
      proxyFor: this.proxies.proxyFor,
      secureContext: () => this.certificates.secureContext,
    });
    return new Agent({ connect, connections: MAX_CONNECTIONS, keepAliveTimeout: IDLE_MS });
  }
}
