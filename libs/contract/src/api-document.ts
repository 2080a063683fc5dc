/** Under which names a path has its operations; what else stands there is none. */
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

/** What is looked at of a schema of an OpenAPI document. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

interface Body {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly requestBody?: Body;
  readonly responses?: Readonly<Record<string, Body>>;
}

/** An OpenAPI document (version 3), as far as it is looked at. */
export interface ApiDocument {
  readonly info?: { readonly version?: string };
  readonly paths: Readonly<Record<string, Readonly<Partial<Record<(typeof METHODS)[number], Operation>>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

export interface FoundOperation extends Operation {
  readonly method: string;
  readonly path: string;
}

/** Undefined where the document has none of this name. */
export function findOperation(document: ApiDocument, operationId: string): FoundOperation | undefined {
  for (const [path, methods] of Object.entries(document.paths))
    for (const method of METHODS)
      if (methods[method]?.operationId === operationId)
        return { ...methods[method], path, method: method.toUpperCase() };
  return undefined;
}

/** The statuses of its successes. */
export function successesOf({ responses = {} }: Operation): string[] {
  return Object.keys(responses).filter((status) => status.startsWith('2'));
}

export function requestSchemaOf({ requestBody }: Operation): Schema | undefined {
  return jsonOf(requestBody);
}

/** Of its success. */
export function answerSchemaOf(operation: Operation): Schema | undefined {
  return jsonOf(operation.responses?.[successesOf(operation)[0] ?? '']);
}

/** The schema that a reference names, or itself. */
export function resolved(document: ApiDocument, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  return name === undefined ? schema : (document.components?.schemas?.[name] ?? {});
}

function jsonOf(body: Body | undefined): Schema | undefined {
  return (body?.content?.['application/json'] ?? body?.content?.['*/*'])?.schema;
}
