import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AuthorisationModel, type Person } from './authorisation-model.js';
import { TestEnvironment, withoutQuotas, type TestEnvironmentOptions } from './test-environment.js';
import { TestIssuer } from './issuer.js';
import type { Operation } from './operations.js';
import { printRequest } from './builders.js';
import { printPath, fixtures } from './fixtures.js';

/** Beside the roles of the sample, among them an auditor: one that is harmless alone, and would not be if roles were added up. */
const MORE_ROLES = `
  desk:
    permissions: [ISSUANCE:VIEW, ISSUANCE:EDIT, ISSUANCE:REMOVE]
    jobs: tenant
    printers: [${fixtures.printer}]
    features: [smartcard]
`;

/** Sees and does all there is: prepares what a test is about. */
const ALL = ['administrator'];

/** An environment whose policy trusts an issuer of the test's own: anybody, of any tenant, with any set of roles, may call. */
export class RoleEnvironment {
  readonly model = new AuthorisationModel(withoutQuotas(withMoreRoles(sample())));
  private readonly tokens = new Map<string, Promise<string>>();

  private constructor(
    readonly env: TestEnvironment,
    private readonly issuer: TestIssuer,
    private readonly key: Awaited<ReturnType<TestIssuer['publishKey']>>,
  ) {}

  static async open(options: Omit<TestEnvironmentOptions, 'policy'> = {}): Promise<RoleEnvironment> {
    const issuer = await TestIssuer.start();
    const key = await issuer.publishKey('roles');
    const trusted = `  - { issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks', claims: { tenant: tid } }`;
    const policy = (yaml: string) =>
      withoutQuotas(withMoreRoles(yaml)).replace('issuers:', `issuers:\n${trusted}`);
    const env = await TestEnvironment.open({ ...options, policy }).catch(async (error: unknown) => {
      await issuer.stop();
      throw error;
    });
    return new RoleEnvironment(env, issuer, key);
  }

  async close(): Promise<void> {
    await this.env.close();
    await this.issuer.stop();
  }

  /** The same token for the same person with the same roles. */
  token({ subject, tenant }: Person, roles: readonly string[]): Promise<string> {
    const name = JSON.stringify([subject, tenant, roles]);
    const token = this.tokens.get(name) ?? this.issuer.sign(this.key, { sub: subject, tid: tenant, roles });
    this.tokens.set(name, token);
    return token;
  }

  /** Sends without waiting for more than the head of the answer. */
  async send(
    token: string,
    { method, body }: Pick<Operation, 'method' | 'body'>,
    path: string,
  ): Promise<Response> {
    return fetch(this.env.gatewayUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  /** The status alone; the rest of the answer is not waited for. */
  async statusOf(token: string, operation: Operation): Promise<number> {
    const response = await this.send(token, operation, operation.path);
    await response.body?.cancel();
    return response.status;
  }

  /** Prints for this person, whatever roles the person is tested with; the id of the job. */
  async print(person: Person, printerId: string): Promise<string> {
    const body = printRequest({ smartcard: {} });
    const response = await this.send(
      await this.token(person, ALL),
      { method: 'POST', body },
      printPath(printerId),
    );
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    return ((await response.json()) as { printStatus: { id: string } }).printStatus.id;
  }

  /** Prints past the gateway, as the vendor's own portal does. */
  async printUpstream(printerId: string): Promise<string> {
    const response = await fetch(this.env.emulator.url + printPath(printerId), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await this.env.authToken()}`,
      },
      body: JSON.stringify(printRequest({ smartcard: {} })),
    });
    return ((await response.json()) as { printStatus: { id: string } }).printStatus.id;
  }
}

const sample = () => readFileSync('config/policy.yaml', 'utf8');

const withMoreRoles = (yaml: string) => yaml + MORE_ROLES;
