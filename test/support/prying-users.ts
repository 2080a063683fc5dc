import { randomUUID } from 'node:crypto';
import type { ModelJob, Person } from './authorisation-model.js';
import type { RoleEnvironment } from './role-environment.js';
import type { Prng } from './prng.js';
import { printRequest } from './builders.js';
import { printPath, statusPath, fixtures } from './fixtures.js';

interface User {
  readonly person: Person;
  readonly roles: readonly string[];
  readonly token: string;
}
interface Job extends ModelJob {
  readonly id: string;
  readonly owner: Person;
}
interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

const PRINTERS = [fixtures.printer, fixtures.otherPrinter];
const KEPT = 200;

/** Many users who read, list, follow, change and print what is and what is not theirs, at random; each answer is held against the model. */
export class PryingUsers {
  /** What was answered otherwise than it may be. */
  readonly faults: string[] = [];
  readonly answers = new Map<number, number>();
  private readonly jobs: Job[] = [];
  private readonly etags: string[] = [];
  private readonly cursors: { readonly cursor: string; readonly of: User }[] = [];
  private readonly keys: { readonly key: string; readonly of: User; readonly id: string }[] = [];
  private users: User[] = [];

  constructor(
    private readonly roleEnv: RoleEnvironment,
    private readonly prng: Prng,
  ) {}

  async pry(users: number, durationMs: number): Promise<void> {
    const { roleSets } = this.roleEnv.model;
    const joining = Array.from({ length: users }, async (_, index): Promise<User> => {
      const person = { subject: `user-${Math.floor(index / 2)}`, tenant: `tenant-${index % 4}` };
      const roles = roleSets[index % roleSets.length] ?? [];
      return { person, roles, token: await this.roleEnv.token(person, roles) };
    });
    this.users = await Promise.all(joining);
    for (const { person } of this.users.slice(0, 20)) await this.printFor(person);
    const endsAtMs = Date.now() + durationMs;
    await Promise.all(
      this.users.map(async (user) => {
        while (Date.now() < endsAtMs) await this.any([...this.deeds])(user);
      }),
    );
  }

  private readonly deeds = [
    (user: User) => this.readStatus(user),
    (user: User) => this.readStatus(user),
    (user: User) => this.readStatus(user),
    (user: User) => this.list(user),
    (user: User) => this.list(user),
    (user: User) => this.listWithAnothersCursor(user),
    (user: User) => this.print(user),
    (user: User) => this.change(user),
    (user: User) => this.follow(user),
  ];

  private async readStatus(user: User): Promise<void> {
    const job = this.any(this.jobs);
    const headers = this.any<Record<string, string>>([
      {},
      {},
      { 'if-none-match': this.any(['"x"', ...this.etags]) },
      { 'if-none-match': '*' },
      { prefer: 'wait=1' },
      { 'cache-control': 'no-cache' },
      { origin: 'https://cards.example.com' },
    ]);
    const response = await this.ask(user, { method: 'GET', path: statusPath(job.id), headers });
    const etag = response.headers.get('etag');
    if (etag) this.keep(this.etags, etag);
    await this.judge(user, 'ISSUANCE:VIEW', job, response, [200, 304]);
  }

  private async follow(user: User): Promise<void> {
    const job = this.any(this.jobs);
    const response = await this.ask(user, { method: 'GET', path: `/api/gateway/v1/jobs/${job.id}/events` });
    if (response.status === 429) return void response.body?.cancel();
    await this.judge(user, 'ISSUANCE:VIEW', job, response, [200, 204]);
  }

  private async change(user: User): Promise<void> {
    const job = this.any(this.jobs);
    const [permission, question] = this.any<[string, Question]>([
      ['ISSUANCE:REMOVE', { method: 'DELETE', path: statusPath(job.id) }],
      ['ISSUANCE:EDIT', { method: 'PATCH', path: statusPath(job.id), body: { smartcard: { commands: [] } } }],
    ]);
    // What has ended cannot be changed any more: that is the upstream's to say, and only to whom it may be said.
    await this.judge(user, permission, job, await this.ask(user, question), [202, 204, 400, 502]);
  }

  private async print(user: User): Promise<void> {
    const printerId = this.any(PRINTERS);
    const another = this.prng.below(3) === 0 ? this.any(this.keys) : undefined;
    const key = another?.key ?? randomUUID();
    const headers = { 'idempotency-key': key };
    const response = await this.ask(user, {
      method: 'POST',
      path: printPath(printerId),
      headers,
      body: printRequest({ smartcard: {} }),
    });
    const { model } = this.roleEnv;
    const isGranted = model.permitsPrinter(user.roles, 'ISSUANCE:ADD', printerId, ['print', 'smartcard']);
    if (!isGranted) return this.expect(response.status === 403, user, response, `a print on ${printerId}`);
    const isOwnKey = another !== undefined && samePerson(another.of.person, user.person);
    // The same key on another printer, or one that is at work, is refused to whom it belongs.
    if (response.status !== 200) return this.expect(isOwnKey, user, response, 'a print');
    const { id } = ((await response.json()) as { printStatus: { id: string } }).printStatus;
    if (another && !isOwnKey) this.expect(id !== another.id, user, response, 'a replay of another’s print');
    if (this.jobs.some((job) => job.id === id)) return;
    this.keep(this.jobs, { id, owner: user.person, printerId });
    this.keep(this.keys, { key, of: user, id });
  }

  private async list(user: User): Promise<void> {
    const scope = this.any(['own', 'tenant', 'any'] as const);
    const response = await this.ask(user, {
      method: 'GET',
      path: `/api/gateway/v1/jobs?limit=5&scope=${scope}`,
    });
    const { model } = this.roleEnv;
    const isGranted = model.permitsScope(user.roles, 'ISSUANCE:VIEW', scope);
    this.expect(response.status === (isGranted ? 200 : 403), user, response, `a list of ${scope}`);
    if (response.status !== 200) return;
    const { jobs, next } = (await response.json()) as { jobs: Listed[]; next: string | null };
    for (const { printStatusId, printerId, owner } of jobs) {
      const isVisible = model.permitsJob(user.roles, 'ISSUANCE:VIEW', user.person, { owner, printerId });
      this.expect(isVisible, user, response, `${printStatusId} of ${owner.subject} in a list`);
    }
    if (next !== null) this.keep(this.cursors, { cursor: next, of: user });
  }

  private async listWithAnothersCursor(user: User): Promise<void> {
    const found = this.any(this.cursors) as (typeof this.cursors)[number] | undefined;
    if (!found || samePerson(found.of.person, user.person)) return;
    const path = `/api/gateway/v1/jobs?limit=5&scope=${this.any(['own', 'tenant', 'any'])}&cursor=${found.cursor}`;
    const response = await this.ask(user, { method: 'GET', path });
    this.expect([400, 403].includes(response.status), user, response, 'another’s cursor');
  }

  private async judge(
    user: User,
    permission: string,
    job: Job,
    response: Response,
    allowed: number[],
  ): Promise<void> {
    const { model } = this.roleEnv;
    const isThere = model.permitsJob(user.roles, permission, user.person, job);
    const refusal = model.permits(user.roles, permission) ? 404 : 403;
    const isRight = isThere ? allowed.includes(response.status) : response.status === refusal;
    this.expect(
      isRight,
      user,
      response,
      `${permission} of a job of ${job.owner.subject} in ${job.owner.tenant}`,
    );
    if (!response.bodyUsed) await response.body?.cancel();
  }

  private async ask({ token }: User, { method, path, headers, body }: Question): Promise<Response> {
    const { url } = this.any(this.roleEnv.env.gateways);
    const response = await fetch(url + path, {
      method,
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    this.answers.set(response.status, (this.answers.get(response.status) ?? 0) + 1);
    return response;
  }

  private async printFor(person: Person): Promise<void> {
    const printerId = this.any(PRINTERS);
    this.jobs.push({ id: await this.roleEnv.print(person, printerId), owner: person, printerId });
  }

  private expect(isRight: boolean, user: User, response: Response, what: string): void {
    const { subject, tenant } = user.person;
    // Whoever has no role is told no more than some times a minute that nothing is allowed.
    const isRefusedByCount = user.roles.length === 0 && response.status === 429;
    // On a busy machine Redis is not heard in time; nobody is given anything then.
    const isRefusedToAll = response.status === 503;
    if (!isRight && !isRefusedByCount && !isRefusedToAll)
      this.faults.push(`${subject} of ${tenant} (${user.roles.join('+')}): ${response.status} for ${what}`);
  }

  private keep<T>(all: T[], one: T): void {
    all.push(one);
    if (all.length > KEPT) all.splice(this.prng.below(KEPT), 1);
  }

  private any<T>(all: readonly T[]): T {
    return all[this.prng.below(all.length)] as T;
  }
}

interface Listed {
  readonly printStatusId: string;
  readonly printerId: string;
  readonly owner: Person;
}

const samePerson = (a: Person, b: Person) => a.subject === b.subject && a.tenant === b.tenant;
