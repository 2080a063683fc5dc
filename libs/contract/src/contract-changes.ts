import {
  answerSchemaOf,
  findOperation,
  requestSchemaOf,
  successesOf,
  type ApiDocument,
  type FoundOperation,
  type Schema,
} from './api-document.js';
import { schemaChanges, type SchemaChange } from './schema-changes.js';

/** What a newer document of the vendor changes for the gateway and its callers. */
export interface ContractChange {
  readonly operation: string;
  readonly what: string;
  /** What that means, and what to do. */
  readonly meaning: string;
}

/** The vendor's operations that the gateway has too, and whether all that they answer passes on. */
const OPERATIONS: Readonly<Record<string, 'passed on' | 'of its own'>> = {
  print: 'passed on',
  getPrintStatus: 'passed on',
  updatePrint: 'of its own',
  resumePrintJob: 'of its own',
  cancelPrint: 'of its own',
  getPrintCounts: 'passed on',
  readPrinters: 'of its own',
  readPrinter: 'of its own',
};

const UNTIL_KNOWN = 'refused until a version of the gateway knows it';
const REQUEST_MEANINGS: Readonly<Record<SchemaChange['kind'], string>> = {
  'new-member': UNTIL_KNOWN,
  'gone-member': 'still taken and sent; the upstream may refuse it',
  'new-value': UNTIL_KNOWN,
  'gone-value': 'still taken and sent; the upstream may refuse it',
  type: 'the gateway takes what the upstream may refuse: get a version that knows it',
  bound: 'the upstream refuses what the gateway still takes',
  required: 'the upstream refuses a request without it, which the gateway still takes',
};

/**
 * All that is different in the newer document, of the operations that the gateway has. `known` is the gateway's own document. Empty where nothing
 * changes for anybody.
 */
export function contractChanges(known: ApiDocument, newer: ApiDocument): ContractChange[] {
  return Object.keys(OPERATIONS).flatMap((operation) => {
    const [before, now] = [findOperation(known, operation), findOperation(newer, operation)];
    if (!before) return [];
    if (!now)
      return [
        {
          operation,
          what: 'is gone',
          meaning: 'the upstream may answer it no more: get a version that knows',
        },
      ];
    return operationChanges(operation, { known, before }, { newer, now });
  });
}

function operationChanges(
  operation: string,
  { known, before }: { known: ApiDocument; before: FoundOperation },
  { newer, now }: { newer: ApiDocument; now: FoundOperation },
): ContractChange[] {
  const compare = (schemaOf: (operation: FoundOperation) => Schema | undefined) => {
    const [one, other] = [schemaOf(before), schemaOf(now)];
    return one && other
      ? schemaChanges({ document: known, schema: one }, { document: newer, schema: other })
      : [];
  };
  return [
    ...addressChanges(operation, before, now),
    ...compare(requestSchemaOf).map((change) => ({
      operation,
      what: `request: ${change.path} ${change.what}`,
      meaning: requestMeaning(change),
    })),
    ...compare(answerSchemaOf).flatMap((change) => answerChange(operation, change)),
  ];
}

function addressChanges(operation: string, before: FoundOperation, now: FoundOperation): ContractChange[] {
  const addressOf = ({ method, path }: FoundOperation) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
  const demanded = ({ parameters = [] }: FoundOperation) =>
    parameters.filter(({ required, in: place }) => required && place !== 'path').map(({ name }) => name);
  const says = (what: string, meaning: string) => ({ operation, what, meaning });
  const newlyDemanded = demanded(now).filter((name) => !demanded(before).includes(name));
  return [
    ...(addressOf(before) === addressOf(now)
      ? []
      : [
          says(
            `is ${now.method} ${now.path} now`,
            'the gateway calls the old address: get a version that knows',
          ),
        ]),
    ...newlyDemanded.map((name) => says(`needs the parameter ${name}`, 'the gateway does not send it')),
    ...(successesOf(before).join() === successesOf(now).join()
      ? []
      : [says(`succeeds with ${successesOf(now).join(', ')}`, 'the gateway answers as before')]),
  ];
}

function requestMeaning({ kind, path, isPlain }: SchemaChange): string {
  const meaning = REQUEST_MEANINGS[kind];
  return kind === 'new-member' && isPlain
    ? `${meaning}, or named in the policy: allowUnknown: ['${path}']`
    : meaning;
}

/** Of printers a caller is shown what the gateway knows, and nothing of what else the vendor has. */
function answerChange(operation: string, { kind, path, what }: SchemaChange): ContractChange[] {
  const isShown = OPERATIONS[operation] === 'passed on';
  if (
    kind === 'bound' ||
    kind === 'required' ||
    (!isShown && (kind === 'new-member' || kind === 'new-value'))
  )
    return [];
  const isAdded = kind === 'new-member' || kind === 'new-value';
  const meaning = isAdded ? 'passed on as it is' : 'callers get what the upstream sends';
  return [{ operation, what: `answer: ${path} ${what}`, meaning }];
}
