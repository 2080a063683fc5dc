import { randomUUID } from 'node:crypto';
import type { ModelJob, Person } from '../support/authorisation-model.js';
import { inParallel } from '../support/in-parallel.js';
import { aimedAt, everyOperation, type Operation } from '../support/operations.js';
import { RoleEnvironment } from '../support/role-environment.js';
import { fixtures } from '../support/fixtures.js';

const WIDTH = 8;
const PRINTERS = [fixtures.printer, fixtures.otherPrinter];
const COLLEAGUE = { subject: 'carl', tenant: 'acme' };
const STRANGER = { subject: 'glen', tenant: 'globex' };
/** The same name in another tenant is another person. */
const NAMESAKE = (caller: Person) => ({ ...caller, tenant: 'globex' });

type Ownership = 'own' | 'a colleague’s' | 'another tenant’s' | 'a namesake’s' | 'unknown here' | 'never was';
const OWNERSHIPS: Ownership[] = [
  'own',
  'a colleague’s',
  'another tenant’s',
  'a namesake’s',
  'unknown here',
  'never was',
];

interface Cell {
  readonly roles: readonly string[];
  readonly caller: Person;
  readonly ownership: Ownership;
  readonly printerId: string;
}

/** OWASP API1:2023, Broken Object Level Authorization. */
describe('API1, objects: every operation on a job, by every role and pair of roles, on every kind of job', () => {
  let roleEnv: RoleEnvironment;
  let cells: Cell[];
  beforeAll(async () => {
    roleEnv = await RoleEnvironment.open({ gateway: { JOBS_PROCESS_ENTRIES: '100' } });
    // So that each job can be resumed, too.
    await roleEnv.env.emulator.holdPrints(true);
    cells = roleEnv.model.roleSets.flatMap((roles, index) =>
      OWNERSHIPS.flatMap((ownership) =>
        PRINTERS.map((printerId) => ({
          roles,
          ownership,
          printerId,
          caller: { subject: `tess-${index}`, tenant: 'acme' },
        })),
      ),
    );
  });
  afterAll(() => roleEnv.close());

  const ownerOf = ({ ownership, caller }: Cell): Person | undefined =>
    ({
      own: caller,
      'a colleague’s': COLLEAGUE,
      'another tenant’s': STRANGER,
      'a namesake’s': NAMESAKE(caller),
      'unknown here': undefined,
      'never was': undefined,
    })[ownership];

  const newJobOf = (cell: Cell): Promise<string> => {
    const owner = ownerOf(cell);
    return owner ? roleEnv.print(owner, cell.printerId) : roleEnv.printUpstream(cell.printerId);
  };

  /** For each owner and printer one, which nobody changes. */
  const standing = new Map<string, Promise<string>>();
  const standingJobOf = (cell: Cell): Promise<string> => {
    const name = JSON.stringify([ownerOf(cell), cell.printerId]);
    const job = standing.get(name) ?? newJobOf(cell);
    standing.set(name, job);
    return job;
  };

  const jobOf = async (operation: Operation, cell: Cell): Promise<string> => {
    if (cell.ownership === 'never was') return randomUUID();
    const isChange = operation.method !== 'GET' && expectedOf(operation, cell) < 400;
    return isChange ? newJobOf(cell) : standingJobOf(cell);
  };

  function expectedOf({ permission = '', success }: Operation, cell: Cell): number {
    const { model } = roleEnv;
    if (!model.permits(cell.roles, permission)) return 403;
    const job: ModelJob = { owner: ownerOf(cell), printerId: cell.printerId };
    const isThere = cell.ownership !== 'never was';
    return isThere && model.permitsJob(cell.roles, permission, cell.caller, job) ? success : 404;
  }

  /** What was answered otherwise than the model says. */
  async function mismatches(operation: Operation, chosen: readonly Cell[]): Promise<string[]> {
    const found = await inParallel(chosen, WIDTH, async (cell) => {
      const [id, token] = await Promise.all([jobOf(operation, cell), roleEnv.token(cell.caller, cell.roles)]);
      const status = await roleEnv.statusOf(token, aimedAt(operation, id));
      const expected = expectedOf(operation, cell);
      const { roles, ownership, printerId } = cell;
      const place = printerId === fixtures.printer ? 'the printer' : 'the other printer';
      return status === expected
        ? []
        : [`${roles.join('+') || 'no role'}, ${ownership}, ${place}: ${status}, not ${expected}`];
    });
    return found.flat();
  }

  describe.each(everyOperation().filter(({ about }) => about === 'a job'))('$name', (operation) => {
    it('is refused to whom it is not granted, and the upstream hears nothing of it', async () => {
      const refused = cells.filter((cell) => {
        const isAskedUpstream = cell.ownership === 'never was' && anyJob(operation, cell);
        return expectedOf(operation, cell) >= 400 && !isAskedUpstream;
      });
      expect(refused.length).toBeGreaterThan(100);
      const before = await roleEnv.env.emulator.callsOf(operation.name);
      expect(await mismatches(operation, refused)).toEqual([]);
      expect(await roleEnv.env.emulator.callsOf(operation.name)).toBe(before);
    });

    it('is done for whom it is granted', async () => {
      const granted = cells.filter((cell) => expectedOf(operation, cell) < 400 || anyJob(operation, cell));
      expect(granted.length).toBeGreaterThan(10);
      expect(await mismatches(operation, granted)).toEqual([]);
    });
  });

  /** For who sees every job the upstream alone can say that there is none. */
  const anyJob = ({ permission = '' }: Operation, { roles, caller, printerId }: Cell) =>
    roleEnv.model.permitsJob(roles, permission, caller, { owner: undefined, printerId });

  describe('the list of jobs', () => {
    interface Listed {
      jobs: { printStatusId: string }[];
      next: string | null;
    }
    const SCOPES = ['own', 'tenant', 'any'] as const;
    const listJobs = everyOperation().find(({ name }) => name === 'listJobs') as Operation;

    async function list(token: string, scope: string): Promise<number | Set<string>> {
      const ids = new Set<string>();
      for (let cursor = ''; ;) {
        const path = `${listJobs.path}?limit=100&scope=${scope}${cursor}`;
        const response = await roleEnv.send(token, listJobs, path);
        if (response.status !== 200) return response.status;
        const { jobs, next } = (await response.json()) as Listed;
        jobs.forEach(({ printStatusId }) => ids.add(printStatusId));
        if (next === null) return ids;
        cursor = `&cursor=${next}`;
      }
    }

    it('has in each scope exactly what may be seen', async () => {
      const caller = { subject: 'lars', tenant: 'acme' };
      const owners = [caller, COLLEAGUE, STRANGER, NAMESAKE(caller)];
      const known = owners.flatMap((owner) => PRINTERS.map((printerId) => ({ owner, printerId })));
      const jobs = await inParallel(known, WIDTH, async (job) => ({
        ...job,
        id: await roleEnv.print(job.owner, job.printerId),
      }));
      const { model } = roleEnv;
      const found = await inParallel(model.roleSets, WIDTH, async (roles) => {
        const token = await roleEnv.token(caller, roles);
        const wrong = SCOPES.map(async (scope) => {
          const listed = await list(token, scope);
          const isAllowed = model.permitsScope(roles, 'ISSUANCE:VIEW', scope);
          if (typeof listed === 'number' || !isAllowed)
            return listed === 403 && !isAllowed
              ? []
              : [`${roles.join('+')} ${scope}: ${typeof listed === 'number' ? listed : 200}`];
          return jobs
            .filter((job) => listed.has(job.id) !== isListed(roles, scope, caller, job))
            .map(({ owner, printerId }) => `${roles.join('+')} ${scope}: ${owner.subject} ${printerId}`);
        });
        return (await Promise.all(wrong)).flat();
      });
      expect(found.flat()).toEqual([]);
    });

    const isListed = (roles: readonly string[], scope: string, caller: Person, job: ModelJob) =>
      roleEnv.model.permitsJob(roles, 'ISSUANCE:VIEW', caller, job) &&
      (scope === 'any' ||
        (job.owner?.tenant === caller.tenant &&
          (scope === 'tenant' || job.owner.subject === caller.subject)));
  });
});
