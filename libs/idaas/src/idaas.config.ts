import { baseUrl, integer, path, secret, Setting, text, type CrossChecked, type Secret } from '#libs/config';
import { proxyAddress, tlsFilesConfig, type ProxyAddress } from '#libs/network';

const MINUTES_10 = 600_000;

/** Where the upstream is, how we prove who we are, and how patient we are with it. */
export class IdaasConfig implements CrossChecked {
  @Setting({
    name: 'IDAAS_CREDENTIALS_FILE',
    kind: path,
    meaning: 'the JSON file that the portal offers for download; read again when it changes',
  })
  readonly credentialsFile?: string;

  @Setting({
    name: 'IDAAS_BASE_URL',
    kind: baseUrl,
    meaning: 'address of the upstream; instead of, or over, what the credentials file says',
  })
  readonly baseUrl?: string;

  @Setting({
    name: 'IDAAS_APPLICATION_ID',
    kind: text,
    meaning: 'id of the Issuance API application; instead of, or over, what the credentials file says',
  })
  readonly applicationId?: string;

  @Setting({
    name: 'IDAAS_SHARED_SECRET',
    kind: secret,
    meaning: 'shared secret of the application; instead of, or over, what the credentials file says',
  })
  readonly sharedSecret?: Secret;

  @Setting({
    name: 'IDAAS_PROXY',
    kind: proxyAddress,
    meaning:
      'the proxy through which the upstream is reached, whatever `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say',
  })
  readonly proxy?: ProxyAddress;

  @Setting({
    name: 'IDAAS_CONNECTIONS',
    kind: integer(1, 10_000),
    default: '64',
    meaning: 'connections kept open to the upstream',
  })
  readonly connections!: number;

  @Setting({
    name: 'IDAAS_CONNECT_TIMEOUT_MS',
    kind: integer(1, MINUTES_10),
    default: '3000',
    meaning: 'how long a connection to the upstream may take to open',
  })
  readonly connectTimeoutMs!: number;

  @Setting({
    name: 'IDAAS_READ_TIMEOUT_MS',
    kind: integer(1, MINUTES_10),
    default: '10000',
    meaning: 'how long a read may take in all, with its retries',
  })
  readonly readTimeoutMs!: number;

  @Setting({
    name: 'IDAAS_LIST_TIMEOUT_MS',
    kind: integer(1, 3_600_000),
    default: '300000',
    meaning:
      'how long the list of print jobs may take in all, however many pages it has; each page, and each silence within the whole list, is a read',
  })
  readonly listTimeoutMs!: number;

  @Setting({
    name: 'IDAAS_PRINT_TIMEOUT_MS',
    kind: integer(1, MINUTES_10),
    default: '30000',
    meaning: 'how long a print, update or cancel may take',
  })
  readonly printTimeoutMs!: number;

  @Setting({
    name: 'IDAAS_READ_ATTEMPTS',
    kind: integer(1, 10),
    default: '3',
    meaning: 'how often a read is sent before its failure is the answer',
  })
  readonly readAttempts!: number;

  @Setting({
    name: 'IDAAS_RETRY_DELAY_MS',
    kind: integer(1, 60_000),
    default: '100',
    meaning: 'the pause before a read is sent again; it grows and is jittered',
  })
  readonly retryDelayMs!: number;

  @Setting({
    name: 'IDAAS_MAX_RESPONSE_BYTES',
    kind: integer(1_000, 1_000_000_000),
    default: '10000000',
    meaning: 'longer answers of the upstream are refused',
  })
  readonly maxResponseBytes!: number;

  @Setting({
    name: 'IDAAS_CIRCUIT_FAILURES',
    kind: integer(1, 1_000),
    default: '10',
    meaning: 'failures in a row after which the circuit breaker opens: requests to the upstream are paused',
  })
  readonly circuitFailures!: number;

  @Setting({
    name: 'IDAAS_CIRCUIT_PAUSE_MS',
    kind: integer(10, MINUTES_10),
    default: '5000',
    meaning: 'how long the circuit breaker stays open before one request tries again',
  })
  readonly circuitPauseMs!: number;

  faults(): string[] {
    if (this.credentialsFile) return [];
    const needed = {
      IDAAS_BASE_URL: this.baseUrl,
      IDAAS_APPLICATION_ID: this.applicationId,
      IDAAS_SHARED_SECRET: this.sharedSecret,
    };
    const missing = Object.entries(needed).filter(([, value]) => value === undefined);
    if (missing.length === 0) return [];
    const names = missing.map(([name]) => name).join(', ');
    return [`IDAAS_CREDENTIALS_FILE must name the portal's file, or ${names} must be set`];
  }
}

/** The certificates with which the upstream is reached. */
export class IdaasTlsConfig extends tlsFilesConfig('IDAAS', 'the upstream') {}
