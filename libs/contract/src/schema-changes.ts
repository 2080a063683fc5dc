import { resolved, type ApiDocument, type Schema } from './api-document.js';

/** One difference between what is known and a newer document. */
export interface SchemaChange {
  readonly kind: 'new-member' | 'gone-member' | 'new-value' | 'gone-value' | 'type' | 'bound' | 'required';
  readonly path: string;
  readonly what: string;
  /** Of a new member: whether it is a text, a number, true or false. */
  readonly isPlain?: boolean;
}

/** Schemas may refer to themselves. */
const MAX_DEPTH = 16;
const UPPER_BOUNDS = ['maximum', 'maxLength', 'maxItems'] as const;
const LOWER_BOUNDS = ['minimum', 'minLength', 'minItems'] as const;
const PLAIN = ['string', 'integer', 'number', 'boolean'];

/** A schema in its document. */
interface Placed {
  readonly document: ApiDocument;
  readonly schema: Schema;
}

/** What is different in the newer schema, at any depth. That the known one is stricter is no difference. */
export function schemaChanges(known: Placed, newer: Placed, path = '', depth = 0): SchemaChange[] {
  const [before, now] = [known, newer].map(({ document, schema }) => resolved(document, schema)) as [
    Schema,
    Schema,
  ];
  if (depth > MAX_DEPTH) return [];
  const [typeBefore, typeNow] = [typeOf(before), typeOf(now)];
  if (typeBefore !== typeNow)
    return [{ kind: 'type', path, what: `is of type ${typeNow}, and was of type ${typeBefore}` }];
  const within = (child: string, one: Schema, other: Schema) =>
    schemaChanges({ ...known, schema: one }, { ...newer, schema: other }, child, depth + 1);
  return [
    ...valueChanges(before, now, path),
    ...boundChanges(before, now, path),
    ...(before.items && now.items ? within(`${path}[]`, before.items, now.items) : []),
    ...memberChanges(before, now, path, newer.document),
    ...Object.entries(before.properties ?? {}).flatMap(([name, each]) => {
      const other = now.properties?.[name];
      return other ? within(memberPath(path, name), each, other) : [];
    }),
  ];
}

function memberChanges(before: Schema, now: Schema, path: string, document: ApiDocument): SchemaChange[] {
  const names = (schema: Schema) => Object.keys(schema.properties ?? {});
  const isNew = (name: string) => !names(before).includes(name);
  const newlyRequired = (now.required ?? []).filter((name) => !(before.required ?? []).includes(name));
  return [
    ...names(now)
      .filter(isNew)
      .map((name) => {
        const schema = resolved(document, now.properties?.[name] ?? {});
        const values = schema.enum ? `, one of ${schema.enum.join(', ')}` : '';
        const what = `is new, of type ${typeOf(schema)}${values}`;
        const isPlain = PLAIN.includes(typeOf(schema));
        return { kind: 'new-member', path: memberPath(path, name), what, isPlain } as const;
      }),
    ...names(before)
      .filter((name) => !names(now).includes(name))
      .map((name) => ({ kind: 'gone-member', path: memberPath(path, name), what: 'is gone' }) as const),
    ...newlyRequired.map(
      (name) => ({ kind: 'required', path: memberPath(path, name), what: 'must be there' }) as const,
    ),
  ];
}

function valueChanges(before: Schema, now: Schema, path: string): SchemaChange[] {
  const [known = [], newer = []] = [before.enum, now.enum];
  // Without a list any value may stand there.
  const gone = newer.length === 0 ? [] : known.filter((value) => !newer.includes(value));
  const added = known.length === 0 ? [] : newer.filter((value) => !known.includes(value));
  const first = known.length === 0 && newer.length > 0;
  return [
    ...added.map((value) => ({ kind: 'new-value', path, what: `may be ${value}` }) as const),
    ...gone.map((value) => ({ kind: 'gone-value', path, what: `may be ${value} no more` }) as const),
    ...(first ? [{ kind: 'bound', path, what: `must be one of ${newer.join(', ')}` } as const] : []),
  ];
}

function boundChanges(before: Schema, now: Schema, path: string): SchemaChange[] {
  const tighter = [
    ...UPPER_BOUNDS.filter((bound) => (now[bound] ?? Infinity) < (before[bound] ?? Infinity)),
    ...LOWER_BOUNDS.filter((bound) => (now[bound] ?? -Infinity) > (before[bound] ?? -Infinity)),
  ].map((bound) => ({ kind: 'bound', path, what: `has a ${bound} of ${now[bound]}` }) as const);
  const isOther = now.pattern !== undefined && unanchored(now.pattern) !== unanchored(before.pattern ?? '');
  return [
    ...tighter,
    ...(isOther ? [{ kind: 'bound', path, what: `has the pattern ${now.pattern}` } as const] : []),
  ];
}

/** The gateway's own patterns hold for all of a text. */
function unanchored(pattern: string): string {
  return pattern.replace(/^\^(?:\(\?:)?/, '').replace(/\)?\$$/, '');
}

function typeOf({ type, properties, items }: Schema): string {
  return type ?? (items && !properties ? 'array' : 'object');
}

function memberPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
