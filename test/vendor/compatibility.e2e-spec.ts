import { readFileSync } from 'node:fs';
import { vendorDocument } from './vendor-document.js';

interface Schema {
  type?: string;
  enum?: string[];
  $ref?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
}
interface Body {
  content?: Record<string, { schema: Schema }>;
}
interface Operation {
  operationId: string;
  parameters?: { name: string; in: string; required?: boolean }[];
  requestBody?: Body;
  responses: Record<string, Body>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const OPERATIONS = [
  ...['print', 'getPrintStatus', 'updatePrint', 'resumePrintJob', 'cancelPrint'],
  ...['getPrintCounts', 'readPrinter'],
];

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Document;

function find(document: Document, operationId: string) {
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods))
      if (operation.operationId === operationId) return { path, method, operation };
  throw new Error(`there is no ${operationId}`);
}

const jsonOf = (body: Body | undefined) =>
  body?.content?.['application/json']?.schema ?? body?.content?.['*/*']?.schema;
const successOf = (operation: Operation) =>
  Object.keys(operation.responses).filter((status) => status.startsWith('2'));

const resolved = (document: Document, schema: Schema | undefined) =>
  schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1) ?? ''] : schema;

const kindOf = ({ type = 'object', enum: choices = [] }: Schema) => [type, ...[...choices].sort()].join(' ');

describe('the gateway’s document beside the vendor’s', () => {
  const ours = read('openapi.json');
  let vendors: Document;
  beforeAll(() => (vendors = read(vendorDocument())));

  /** Follows references on both sides; every property must be there under its name, with its type and its choices. */
  function compare(path: string, our: Schema | undefined, vendor: Schema | undefined): string[] {
    const [a, b] = [resolved(ours, our), resolved(vendors, vendor)];
    if (!a || !b) return [`${path} is on one side only`];
    const properties = new Set([...Object.keys(a.properties ?? {}), ...Object.keys(b.properties ?? {})]);
    return [
      ...(kindOf(a) === kindOf(b) ? [] : [`${path}: ${kindOf(a)} instead of ${kindOf(b)}`]),
      ...((a.items ?? b.items) ? compare(`${path}[]`, a.items, b.items) : []),
      ...[...properties].flatMap((name) =>
        compare(`${path}.${name}`, a.properties?.[name], b.properties?.[name]),
      ),
    ];
  }

  it.each(OPERATIONS)('%s has the same path, method, parameters and success', (operationId) => {
    const [our, vendor] = [find(ours, operationId), find(vendors, operationId)];
    expect([our.path, our.method]).toEqual([vendor.path, vendor.method]);
    const inPath = ({ parameters = [] }: Operation) =>
      parameters.filter((each) => each.in === 'path').map(({ name }) => name);
    expect(inPath(our.operation)).toEqual(inPath(vendor.operation));
    const demanded = (our.operation.parameters ?? []).filter((each) => each.required && each.in !== 'path');
    expect(demanded).toEqual([]);
    expect(successOf(our.operation)).toEqual(successOf(vendor.operation));
  });

  it.each(['print', 'updatePrint', 'resumePrintJob'])('%s takes the same body', (operationId) => {
    const [our, vendor] = [find(ours, operationId).operation, find(vendors, operationId).operation];
    expect(compare(operationId, jsonOf(our.requestBody), jsonOf(vendor.requestBody))).toEqual([]);
  });

  it.each(['print', 'updatePrint', 'resumePrintJob', 'getPrintStatus', 'getPrintCounts'])(
    '%s answers with the same members',
    (operationId) => {
      const [our, vendor] = [find(ours, operationId).operation, find(vendors, operationId).operation];
      const answer = (operation: Operation) => jsonOf(operation.responses[successOf(operation)[0] ?? '']);
      const name = (schema: Schema | undefined) => schema?.$ref?.split('/').at(-1);
      expect(name(answer(our))).toBe(name(answer(vendor)));
      const members = (document: Document, schema: Schema | undefined) =>
        Object.keys(document.components.schemas[name(schema) ?? '']?.properties ?? {}).sort();
      expect(members(ours, answer(our))).toEqual(members(vendors, answer(vendor)));
    },
  );
});
