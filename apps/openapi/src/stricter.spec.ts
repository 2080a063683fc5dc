import { readFileSync } from 'node:fs';
import { STRICTER } from './stricter.js';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Record<string, Schema>;
  readonly items?: Schema;
}

const BOUNDS = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'pattern'];
/** The document has the same. */
const VENDORS = ['printerPreferences.copies', 'printerPreferences.inputHopper'];
const { schemas } = (
  JSON.parse(readFileSync('openapi.json', 'utf8')) as { components: { schemas: Record<string, Schema> } }
).components;

/** Where a request has a bound, by the gateway's own document. */
function boundsOf(schema: Schema, path = ''): string[] {
  const { $ref, properties = {}, items } = schema;
  if ($ref !== undefined) return boundsOf(schemas[$ref.split('/').at(-1) as string] as Schema, path);
  return [
    ...(BOUNDS.some((bound) => bound in schema) ? [path] : []),
    ...(items ? boundsOf(items, `${path}[]`) : []),
    ...Object.entries(properties).flatMap(([name, each]) => boundsOf(each, path ? `${path}.${name}` : name)),
  ];
}

describe('where the gateway is stricter than the vendor’s document', () => {
  it.each(['BasicPrintRequest', 'BasicPrintUpdateRequest', 'ResumePrintJobApiRequest'])(
    'every bound of a %s is listed',
    (name) => {
      const listed = STRICTER.flatMap(({ at }) => at.split(', '));
      const bounds = boundsOf(schemas[name] as Schema).filter((path) => !VENDORS.includes(path));
      expect(bounds.length).toBeGreaterThan(0);
      expect(bounds.filter((path) => !listed.includes(path))).toEqual([]);
    },
  );
});
