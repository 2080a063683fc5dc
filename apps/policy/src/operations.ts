import type { Permission } from '#libs/contract';
import type { Principal } from '#libs/auth';
import { hasPrinter, reachesScope, type Grant, type Role } from '#libs/policy';
import { jobQuestion } from './job-question.js';
import type { ExplainOptions } from './options.js';
import { printQuestion } from './print-question.js';
import { lacksPermission, permissionRefusal, type Question } from './question.js';
import { UsageFault } from './usage.js';

type Asking = (options: ExplainOptions, caller: Principal) => Question;

interface Operation {
  readonly names: readonly string[];
  /** The options that it takes, beside those that every operation takes. */
  readonly takes: readonly string[];
  readonly ask: Asking;
}

const JOB = ['job', 'printer'];

const OPERATIONS: readonly Operation[] = [
  { names: ['print'], takes: ['printer', 'features', 'copies', 'blank', 'no-key'], ask: printQuestion },
  { names: ['status', 'getPrintStatus', 'followJob'], takes: JOB, ask: jobQuestion('ISSUANCE:VIEW') },
  { names: ['update', 'updatePrint'], takes: [...JOB, 'features'], ask: jobQuestion('ISSUANCE:EDIT') },
  { names: ['resume', 'resumePrintJob'], takes: JOB, ask: jobQuestion('ISSUANCE:ADD') },
  { names: ['cancel', 'cancelPrint'], takes: JOB, ask: jobQuestion('ISSUANCE:REMOVE') },
  { names: ['list', 'listJobs'], takes: ['scope'], ask: listQuestion },
  { names: ['unknown-prints', 'listUnknownPrints'], takes: ['printer'], ask: unknownPrints('ISSUANCE:VIEW') },
  { names: ['settle', 'settleUnknownPrint'], takes: ['printer'], ask: unknownPrints('ISSUANCE:EDIT') },
  { names: ['printer', 'readPrinter'], takes: ['printer'], ask: printerQuestion },
  { names: ['printers', 'readPrinters'], takes: [], ask: permissionQuestion('PRINTERS:VIEW') },
  { names: ['counts', 'getPrintCounts'], takes: [], ask: permissionQuestion('REPORTS:VIEW') },
];

const FOR_ALL = new Set(['roles', 'token', 'operation']);

/** What is asked of each role. Throws {@link UsageFault} for options that mean nothing to the operation, or that it misses. */
export function questionOf(options: ExplainOptions, caller: Principal): Question {
  const operation = OPERATIONS.find(({ names }) => names.includes(options.operation));
  if (!operation) {
    const known = OPERATIONS.map(({ names }) => names[0]).join(', ');
    throw new UsageFault(`--operation knows ${known}, not ${options.operation}`);
  }
  for (const name of options.given)
    if (!FOR_ALL.has(name) && !operation.takes.includes(name))
      throw new UsageFault(`--${name} means nothing to ${options.operation}`);
  return operation.ask(options, caller);
}

function permissionQuestion(permission: Permission): Asking {
  return () => ({
    requirement: permission,
    refusal: (grant) => permissionRefusal(grant, permission),
    lacks: (role) => lacksPermission(role, permission),
  });
}

function printerQuestion({ printer }: ExplainOptions): Question {
  if (!printer) throw new UsageFault('name the --printer');
  const permission = 'PRINTERS:VIEW';
  return {
    requirement: permission,
    refusal: (grant) =>
      permissionRefusal(grant, permission) ??
      (grant.coversPrinter(permission, printer) ? undefined : '403 printer-not-granted'),
    lacks: (role) => [
      ...lacksPermission(role, permission),
      ...(hasPrinter(role, printer) ? [] : ['does not have the printer']),
    ],
  };
}

function listQuestion({ scope }: ExplainOptions): Question {
  const permission = 'ISSUANCE:VIEW';
  return {
    requirement: permission,
    refusal: (grant) =>
      permissionRefusal(grant, permission) ??
      (grant.reachesJobs(permission, scope) ? undefined : '403 jobs-not-granted'),
    lacks: (role) => [...lacksPermission(role, permission), ...lacksScope(role, scope)],
  };
}

/** Without a printer: whether some unknown prints may be listed or settled at all. */
function unknownPrints(permission: Permission): Asking {
  return ({ printer }) => {
    const isCovered = (grant: Grant) => !printer || grant.coversJobsOfAll(permission, printer);
    return {
      requirement: permission,
      refusal: (grant) => {
        const refused = permissionRefusal(grant, permission);
        if (refused ?? !grant.reachesJobs(permission, 'any')) return refused ?? '403 jobs-not-granted';
        return isCovered(grant) ? undefined : '404 resource-not-found';
      },
      lacks: (role) => [
        ...lacksPermission(role, permission),
        ...lacksScope(role, 'any'),
        ...(!printer || hasPrinter(role, printer) ? [] : ['does not have the printer']),
      ],
    };
  };
}

function lacksScope(role: Role, scope: ExplainOptions['scope']): string[] {
  return reachesScope(role, scope) ? [] : [`reaches the jobs of scope ${role.jobs} only, not ${scope}`];
}
