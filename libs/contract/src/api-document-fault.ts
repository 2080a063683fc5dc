import { METHODS } from './api-document.js';

/** What is wrong at this place; undefined where nothing is. */
type Check = (value: unknown, place: string) => string | undefined;

const anything: Check = () => undefined;
const text: Check = (value, place) => (typeof value === 'string' ? undefined : `${place} must be a text`);
const listOf =
  (of: Check): Check =>
  (value, place) =>
    Array.isArray(value) ? firstFault(value, () => of, place) : `${place} must be a list`;
const objectOf =
  (checkOf: (name: string) => Check | undefined): Check =>
  (value, place) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? firstFault(value, checkOf, place)
      : `${place} must be an object`;
const mapOf = (of: Check) => objectOf(() => of);
/** These members are looked at where they are there. */
const withMembers = (members: Readonly<Record<string, Check>>) =>
  objectOf((name) => (Object.hasOwn(members, name) ? members[name] : undefined));

/** JSON Schema has `true` and `false` as well. */
const schema: Check = (value, place) => (typeof value === 'boolean' ? undefined : schemaObject(value, place));
const schemaObject = withMembers({
  $ref: text,
  enum: listOf(anything),
  items: schema,
  properties: mapOf(schema),
  required: listOf(anything),
  pattern: text,
});
const body = withMembers({ content: mapOf(withMembers({ schema })) });
const operation = withMembers({
  parameters: listOf(mapOf(anything)),
  requestBody: body,
  responses: mapOf(body),
});
const path = withMembers(Object.fromEntries(METHODS.map((method) => [method, operation])));
const document = withMembers({ paths: mapOf(path), components: withMembers({ schemas: mapOf(schema) }) });

/** The first place where this is no OpenAPI document, as far as one is looked at, and what must stand there; undefined where it is one. */
export function apiDocumentFault(value: unknown): string | undefined {
  return document(value, 'it') ?? mapOf(anything)((value as { paths?: unknown }).paths, 'paths');
}

function firstFault(
  holder: object,
  checkOf: (name: string) => Check | undefined,
  place: string,
): string | undefined {
  for (const [name, value] of Object.entries(holder)) {
    const fault = checkOf(name)?.(value, place === 'it' ? name : `${place}.${name}`);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
