import { randomUUID } from 'node:crypto';
import { inParallel } from '../support/in-parallel.js';
import { aimedAt, everyOperation, type Operation } from '../support/operations.js';
import { RoleEnvironment } from '../support/role-environment.js';
import { fixtures } from '../support/fixtures.js';

/** OWASP API5:2023, Broken Function Level Authorization. */
describe('API5, functions: every operation, by every role and pair of roles', () => {
  let roleEnv: RoleEnvironment;
  beforeAll(async () => {
    roleEnv = await RoleEnvironment.open();
  });
  afterAll(() => roleEnv.close());

  /** Requests are counted by who sends them, so each set of roles is somebody else’s. */
  const tokenWith = (roles: readonly string[]) =>
    roleEnv.token({ subject: `fay of ${roles.join()}`, tenant: 'acme' }, roles);
  const PRINTERS: string[] = [fixtures.printer, fixtures.otherPrinter, randomUUID()];

  /** A printer that does not exist is asked for upstream by whoever may use every printer. */
  function onPrinter(
    { permission = '', name, success }: Operation,
    roles: readonly string[],
    printerId: string,
  ) {
    const features = name === 'print' ? ['print'] : [];
    if (!roleEnv.model.permitsPrinter(roles, permission, printerId, features)) return 403;
    return PRINTERS.indexOf(printerId) < 2 ? success : 404;
  }

  async function mismatches(
    operation: Operation,
    ids: readonly string[],
    expectedOf: (roles: readonly string[], id: string) => number,
  ): Promise<string[]> {
    const cells = roleEnv.model.roleSets.flatMap((roles) => ids.map((id) => ({ roles, id })));
    const found = await inParallel(cells, 8, async ({ roles, id }) => {
      const status = await roleEnv.statusOf(await tokenWith(roles), aimedAt(operation, id));
      const expected = expectedOf(roles, id);
      return status === expected
        ? []
        : [`${roles.join('+') || 'no role'}, ${id}: ${status}, not ${expected}`];
    });
    return found.flat();
  }

  it.each(everyOperation().filter(({ about }) => about === 'a printer'))('$name', async (operation) => {
    expect(await mismatches(operation, PRINTERS, (roles, id) => onPrinter(operation, roles, id))).toEqual([]);
  });

  it.each(everyOperation().filter(({ about }) => about === 'nothing'))('$name', async (operation) => {
    const { permission, success } = operation;
    const isGranted = (roles: readonly string[]) =>
      permission === undefined || roleEnv.model.permits(roles, permission);
    expect(await mismatches(operation, [''], (roles) => (isGranted(roles) ? success : 403))).toEqual([]);
  });

  it('the list of printers has those of the roles that may look at printers, and no other', async () => {
    const { model } = roleEnv;
    const operation = everyOperation().find(({ name }) => name === 'readPrinters') as Operation;
    for (const roles of model.roleSets) {
      const response = await roleEnv.send(await tokenWith(roles), operation, operation.path);
      const isGranted = model.permits(roles, 'PRINTERS:VIEW');
      expect([roles, response.status]).toEqual([roles, isGranted ? 200 : 403]);
      if (!isGranted) continue;
      const listed = ((await response.json()) as { id: string }[]).map(({ id }) => id);
      const foreign = listed.filter((id) => !model.permitsPrinter(roles, 'PRINTERS:VIEW', id));
      expect([roles, foreign]).toEqual([roles, []]);
      expect(listed.includes(fixtures.otherPrinter)).toBe(
        model.permitsPrinter(roles, 'PRINTERS:VIEW', fixtures.otherPrinter),
      );
    }
  });

  it('prints of unknown outcome are for those alone who see everybody’s jobs', async () => {
    const { model } = roleEnv;
    const [list, settle] = ['listUnknownPrints', 'settleUnknownPrint'].map(
      (wanted) => everyOperation().find(({ name }) => name === wanted) as Operation,
    ) as [Operation, Operation];
    const isGranted = ({ permission = '' }: Operation, roles: readonly string[]) =>
      model.permitsScope(roles, permission, 'any');
    expect(await mismatches(list, [''], (roles) => (isGranted(list, roles) ? 200 : 403))).toEqual([]);
    expect(
      await mismatches(settle, [randomUUID()], (roles) => (isGranted(settle, roles) ? 404 : 403)),
    ).toEqual([]);
  });
});
