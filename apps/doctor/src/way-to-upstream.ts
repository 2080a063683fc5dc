import { FilesConfig, type Config } from '#libs/config';
import { IdaasConfig, IdaasTlsConfig } from '#libs/idaas';
import { outboundConnector, ProxyConfig, TlsFiles, type ProxyAddress } from '#libs/network';

/** How the gateway would reach the upstream: its certificates, and the proxy on the way. */
export class WayToUpstream {
  private readonly certificates: TlsFiles;
  /** Opens connections as the gateway does. */
  readonly connect: ReturnType<typeof outboundConnector>;
  /** Undefined where the upstream is reached directly. */
  readonly proxy: ProxyAddress | undefined;

  constructor(config: Config, baseUrl: string) {
    const idaas = config.get(IdaasConfig);
    this.certificates = new TlsFiles(config.get(IdaasTlsConfig), config.get(FilesConfig).pollMs);
    const proxyFor = idaas.proxy ? () => idaas.proxy : config.get(ProxyConfig).proxyFor;
    this.proxy = proxyFor(new URL(baseUrl));
    const secureContext = () => this.certificates.secureContext;
    this.connect = outboundConnector({ timeoutMs: idaas.connectTimeoutMs, proxyFor, secureContext });
  }

  get secureContext() {
    return this.certificates.secureContext;
  }

  close(): void {
    this.certificates.close();
  }
}
