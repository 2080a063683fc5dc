import { readFileSync } from 'node:fs';
import fc from './fuzz.js';

/** As much of OpenAPI's schema language as the bodies of the vendor's requests need. */
export interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

/** The schemas of an OpenAPI document, by name. */
export class Schemas {
  private readonly byName: Readonly<Record<string, Schema>>;

  constructor(documentFile: string) {
    const { components } = JSON.parse(readFileSync(documentFile, 'utf8')) as {
      components: { schemas: Record<string, Schema> };
    };
    this.byName = components.schemas;
  }

  named(name: string): Schema {
    const schema = this.byName[name];
    if (!schema) throw new Error(`the document has no ${name}`);
    return schema;
  }

  /** Values that the schema allows. `chosen` says more of a member than the schema does, by its name. */
  valuesOf(schema: Schema, chosen: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
    const { type, items, properties = {}, required = [] } = this.resolved(schema);
    if (items) return fc.array(this.valuesOf(items, chosen), { maxLength: 3 });
    if (type !== 'object') return primitivesOf(this.resolved(schema));
    const members = Object.entries(properties).map(
      ([name, member]) => [name, chosen[name] ?? this.valuesOf(member, chosen)] as const,
    );
    return fc.record(Object.fromEntries(members), { requiredKeys: [...required] });
  }

  /** Whether the schema allows the value. Members that it does not name are not allowed. */
  allows(schema: Schema, value: unknown): boolean {
    const { type, items, properties = {}, required = [] } = this.resolved(schema);
    if (items) return Array.isArray(value) && value.every((each) => this.allows(items, each));
    if (type !== 'object') return allowsPrimitive(this.resolved(schema), value);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return (
      required.every((name) => Object.hasOwn(value, name)) &&
      Object.entries(value).every(
        ([name, member]) => Object.hasOwn(properties, name) && this.allows(properties[name] ?? {}, member),
      )
    );
  }

  private resolved(schema: Schema): Schema {
    return schema.$ref === undefined ? schema : this.named(schema.$ref.split('/').at(-1) ?? '');
  }
}

function primitivesOf({ type, enum: choices, minimum, maximum, maxLength }: Schema): fc.Arbitrary<unknown> {
  if (choices) return fc.constantFrom(...choices);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return fc.integer({ min: minimum ?? INT32.min, max: maximum ?? INT32.max });
  return fc.string({ unit: 'grapheme', maxLength: Math.min(maxLength ?? 40, 40) });
}

function allowsPrimitive(schema: Schema, value: unknown): boolean {
  if (schema.type === 'boolean') return typeof value === 'boolean';
  return schema.type === 'integer' ? allowsInteger(schema, value) : allowsText(schema, value);
}

function allowsInteger({ minimum = INT32.min, maximum = INT32.max }: Schema, value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
}

/** The vendor's patterns are not anchored, and mean the whole text all the same. */
function allowsText({ pattern, enum: choices }: Schema, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const isFitting = pattern === undefined || new RegExp(`^(?:${pattern})$`).test(value);
  return isFitting && (choices?.includes(value) ?? true);
}
