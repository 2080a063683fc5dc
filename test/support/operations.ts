import { readFileSync } from 'node:fs';
import { printRequest } from './builders.js';

/** What an operation is about, and so what its caller must be allowed to see or use. */
type Subject = 'a printer' | 'a job' | 'an unknown print' | 'lists' | 'nothing';

interface Entry {
  /** Undefined where whoever is known may ask. */
  readonly permission: string | undefined;
  readonly about: Subject;
  readonly success: number;
  readonly body?: object;
  /** The member of the body that names what it is about, where the path does not. */
  readonly namedBy?: string;
}

export interface Operation extends Entry {
  readonly name: string;
  readonly method: string;
  /** With names in braces. */
  readonly path: string;
}

/** What each operation of the API needs, written down a second time. An operation that is not here fails every test of them all. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  print: { permission: 'ISSUANCE:ADD', about: 'a printer', success: 200, body: printRequest() },
  getPrintStatus: { permission: 'ISSUANCE:VIEW', about: 'a job', success: 200 },
  updatePrint: {
    permission: 'ISSUANCE:EDIT',
    about: 'a job',
    success: 202,
    body: { smartcard: { commands: [] } },
  },
  resumePrintJob: {
    permission: 'ISSUANCE:ADD',
    about: 'a job',
    success: 200,
    body: { printJobId: 'ffffffff-ffff-4fff-bfff-ffffffffffff' },
    namedBy: 'printJobId',
  },
  cancelPrint: { permission: 'ISSUANCE:REMOVE', about: 'a job', success: 204 },
  getPrintCounts: { permission: 'REPORTS:VIEW', about: 'nothing', success: 200 },
  readPrinters: { permission: 'PRINTERS:VIEW', about: 'lists', success: 200 },
  readPrinter: { permission: 'PRINTERS:VIEW', about: 'a printer', success: 200 },
  listJobs: { permission: 'ISSUANCE:VIEW', about: 'lists', success: 200 },
  followJob: { permission: 'ISSUANCE:VIEW', about: 'a job', success: 200 },
  listUnknownPrints: { permission: 'ISSUANCE:VIEW', about: 'lists', success: 200 },
  settleUnknownPrint: {
    permission: 'ISSUANCE:EDIT',
    about: 'an unknown print',
    success: 204,
    body: { outcome: 'not-printed' },
  },
  readMe: { permission: undefined, about: 'nothing', success: 200 },
};

/** Every operation of the API's document. Throws for one that has no entry. */
export function everyOperation(): readonly Operation[] {
  const { paths } = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId: name }]) => {
      const entry = ENTRIES[name];
      if (!entry) throw new Error(`${name} is new: say in ${import.meta.url} who may use it.`);
      return { name, method: method.toUpperCase(), path, ...entry };
    }),
  );
}

/** The same about what has this id, wherever the id stands. */
export const aimedAt = (operation: Operation, id: string): Operation => ({
  ...operation,
  path: pathFor(operation, id),
  ...(operation.namedBy && { body: { ...operation.body, [operation.namedBy]: id } }),
});

/** Its path with one id in every place for an id. */
export const pathFor = ({ path }: Operation, id: string) => path.replaceAll(/\{\w+\}/g, id);
