import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIALS, Emulator } from './emulator.js';
import { eventually } from './eventually.js';
import { IdentityProvider } from './identity-provider.js';
import { requireNothingLeaked } from './nothing-leaked.js';
import type { ProgramOptions } from './program.js';
import { requestsTo } from './requests.js';
import { startGateway, type RunningGateway } from './running-gateway.js';

const DEV_LOGIN = 'urn:idaas-print-gateway:dev-login';

/** How the limit of requests stands in the policy of a test that does not change it. */
export const ANY_RATE = 'requestsPerMinute: 1000000';

/** How long a gateway takes to find the Redis that is there. */
const FINDS_REDIS_MS = 3_000;

/** Settings under which reads of the counts and of printers reach the upstream, one at a time of each. */
export const UNCACHED = Object.fromEntries(
  ['COUNTS', 'PRINTERS'].flatMap((of) =>
    ['FRESH', 'STALE', 'STALE_ON_ERROR'].map((what) => [`${of}_${what}_MS`, '0']),
  ),
);

/** The sample policy without its quotas: a print then needs no shared state. */
export const withoutQuotas = (yaml: string) => yaml.replace(/cardsPerDay: \d+, /g, '');

export interface TestEnvironmentOptions {
  /** Settings of the gateway beside the usual ones. */
  gateway?: Record<string, string>;
  emulator?: Record<string, string>;
  /** Settings of one of several gateways beside those of all. */
  each?: (index: number) => Record<string, string>;
  /** How many gateways run; one when left out. */
  gateways?: number;
  /** How each gateway is started. */
  start?: (index: number) => ProgramOptions;
  /** Through what the gateways reach the emulator at this address. */
  upstreamUrl?: (emulatorUrl: string) => Promise<string>;
  /** Changes the text of the policy before it is written. */
  policy?: (yaml: string) => string;
  /** Files that stand beside the policy, by name. */
  files?: Record<string, string>;
  /** Whether the identity provider is this environment's alone, because the test changes it. */
  ownIdp?: boolean;
}

/**
 * The real gateway between the real emulator and the real identity provider, each a process on a free port. The provider is the
 * same for all tests of a run.
 */
export class TestEnvironment {
  readonly directory = mkdtempSync(join(tmpdir(), 'print-gateway-'));
  readonly policyFile = join(this.directory, 'policy.yaml');
  readonly credentialsFile = join(this.directory, 'credentials.json');
  emulator!: Emulator;
  readonly gateways: RunningGateway[] = [];
  idp!: IdentityProvider;
  /** By gateways that were started again. */
  private writtenBefore = '';
  private readonly tokens = new Map<string, string>();

  /** Where something does not start, what had started is stopped. */
  static async open(options: TestEnvironmentOptions = {}): Promise<TestEnvironment> {
    const env = new TestEnvironment();
    try {
      await env.start(options);
      return env;
    } catch (error) {
      await env.stopAll();
      throw error;
    }
  }

  private async start(options: TestEnvironmentOptions): Promise<void> {
    this.idp = options.ownIdp ? await IdentityProvider.start() : IdentityProvider.ofAllTests();
    this.emulator = await Emulator.start(options.emulator);
    for (const [name, text] of Object.entries(options.files ?? {}))
      writeFileSync(join(this.directory, name), text);
    this.writePolicy(options.policy ?? ((yaml) => yaml));
    this.writeCredentials(CREDENTIALS.sharedSecret);
    const count = options.gateways ?? 1;
    const settingsOf = await this.settingsOfEach(options);
    const starts = Array.from({ length: count }, (_, index) =>
      this.startGateway(index, settingsOf(index), options.start?.(index)),
    );
    // Each to its end: those that do start are to be stopped where one does not.
    const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason as Error;
    // A gateway is ready before it has found Redis, and prints nothing until then; in some tests there is none to be found.
    if (options.gateway?.REDIS_URL) await this.sharedStateIsUp(FINDS_REDIS_MS).catch(() => {});
  }

  async close(): Promise<void> {
    const stopping = this.gateways.map(({ program }) => program.stop());
    const authTokens = await this.emulator
      .tokens()
      .finally(() => Promise.all(stopping).then(() => this.stopAll()));
    requireNothingLeaked(this.output, [...authTokens, ...this.tokens.values()]);
  }

  /** Also what has only begun. */
  private async stopAll(): Promise<void> {
    const beside = [this.idp, this.emulator] as (IdentityProvider | Emulator | undefined)[];
    const stopping = this.gateways.filter(Boolean).map(({ program }) => program.stop());
    await Promise.all([...stopping, ...beside.map((each) => each?.stop())]);
    rmSync(this.directory, { recursive: true, force: true });
  }

  get idpUrl(): string {
    return this.idp.url;
  }

  get gatewayUrl(): string {
    return this.gateway(0).url;
  }

  /** Everything the gateways wrote so far. */
  get output(): string {
    return this.writtenBefore + this.gateways.map(({ program }) => program.output).join('');
  }

  gateway(index: number): RunningGateway {
    const gateway = this.gateways[index];
    if (!gateway) throw new Error(`there is no gateway ${index}`);
    return gateway;
  }

  /** Ends a gateway as a crash does. */
  async crash(index: number): Promise<void> {
    await this.gateway(index).program.stop('SIGKILL');
  }

  /** Starts it again, on the same port. */
  async restart(index: number): Promise<void> {
    const gateway = this.gateway(index);
    this.writtenBefore += gateway.program.output;
    gateway.program = await gateway.start();
  }

  /** The sample policy, with this environment's identity provider as its issuer, and what a test changes. */
  writePolicy(change: (yaml: string) => string): void {
    const sample = readFileSync('config/policy.yaml', 'utf8').replace('http://localhost:4020', this.idpUrl);
    // Tests are many requests by few users.
    writeFileSync(this.policyFile, change(sample.replaceAll(/requestsPerMinute: \d+/g, ANY_RATE)));
  }

  writeCredentials(sharedSecret: string): void {
    const { applicationId } = CREDENTIALS;
    writeFileSync(
      this.credentialsFile,
      JSON.stringify({ applicationId, hostname: 'unused.example.com', sharedSecret }),
    );
  }

  /** Somebody's access token; the same one for the whole of a test file. */
  async tokenOf(username: string): Promise<string> {
    const known = this.tokens.get(username);
    if (known) return known;
    const token = await this.login({ grant_type: DEV_LOGIN, client_id: 'demo-page', username });
    this.tokens.set(username, token);
    return token;
  }

  /** A token of the partner, who acts for itself. */
  tokenOfPartner(): Promise<string> {
    const client = { client_id: 'partner-badges', client_secret: 'partner-badges-secret' };
    return this.login({ grant_type: 'client_credentials', ...client });
  }

  async login(form: Record<string, string>): Promise<string> {
    const response = await fetch(`${this.idpUrl}/token`, { method: 'POST', body: new URLSearchParams(form) });
    const { access_token } = (await response.json()) as { access_token?: string };
    if (!access_token) throw new Error(`no token for ${form.username ?? form.client_id}`);
    return access_token;
  }

  /** Waits until every gateway has found Redis again: before that what needs it is refused. */
  async sharedStateIsUp(withinMs?: number): Promise<void> {
    for (const { managementUrl } of this.gateways)
      await eventually(async () => {
        const { status } = (await (await fetch(`${managementUrl}/health/ready`)).json()) as {
          status: string;
        };
        if (status !== 'ready') throw new Error(`the gateway is ${status}`);
      }, withinMs);
  }

  /** The ids of every job the upstream knows. */
  jobsUpstream(): Promise<string[]> {
    return this.emulator.jobs();
  }

  /** An auth token of the upstream, got with the gateway's own credentials. */
  async authToken(): Promise<string> {
    const { applicationId, sharedSecret } = CREDENTIALS;
    const response = await fetch(`${this.emulator.url}/api/web/v1/adminapi/authenticate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ applicationId, sharedSecret }),
    });
    return ((await response.json()) as { authToken: string }).authToken;
  }

  /** A request without an access token. */
  get anyone() {
    return requestsTo(this.gatewayUrl);
  }

  /** Sends with this user's token, to the first gateway or another: `await env.as('olga').get('/api/…')`. */
  as(username: string, gateway = 0) {
    return this.with(this.tokenOf(username), gateway);
  }

  with(token: string | Promise<string>, gateway = 0) {
    return requestsTo(this.gateway(gateway).url, token);
  }

  private async settingsOfEach({ upstreamUrl, gateway, each }: TestEnvironmentOptions) {
    const { url } = this.emulator;
    const IDAAS_BASE_URL = upstreamUrl ? await upstreamUrl(url) : url;
    return (index: number) => ({ IDAAS_BASE_URL, ...gateway, ...each?.(index) });
  }

  private async startGateway(
    index: number,
    environment: Record<string, string>,
    start: ProgramOptions | undefined,
  ): Promise<void> {
    const settings = {
      POLICY_FILE: this.policyFile,
      IDAAS_CREDENTIALS_FILE: this.credentialsFile,
      ...environment,
    };
    this.gateways[index] = await startGateway(settings, start);
  }
}
