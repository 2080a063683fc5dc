import type { INestApplication } from '@nestjs/common';
import type { ProblemKind } from '#libs/problem';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import {
  COMMON_PROBLEMS,
  OPERATIONS,
  REQUEST_HEADERS,
  RESPONSE_HEADERS,
  type OperationText,
} from './operations.js';
import { ANSWERS } from './schemas.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const SECURITY = 'accessToken';
const METHODS = ['get', 'post', 'patch', 'delete'] as const;

/** The OpenAPI document: paths, parameters and request bodies as the code has them, the rest from the tables beside. */
export function apiDocument(app: INestApplication, kinds: readonly ProblemKind[]): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('IDaaS Print Gateway')
    .setDescription(
      'The print operations of the Entrust IDaaS Issuance API (5.46) for end users, and what frontends need beyond them.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', bearerFormat: 'JWT', description: 'Your own access token.' }, SECURITY)
    .addSecurityRequirements(SECURITY)
    .build();
  const document = SwaggerModule.createDocument(app, builder, { operationIdFactory: (_, method) => method });
  const schemas = { ...document.components?.schemas, ...ANSWERS };
  for (const path of Object.values(document.paths))
    for (const method of METHODS) if (path[method]) describe(path[method], kinds);
  return { ...document, components: { ...document.components, schemas } };
}

/** Throws for an operation that nobody has described. */
function describe(operation: Operation, kinds: readonly ProblemKind[]): void {
  const text = OPERATIONS[operation.operationId ?? ''];
  if (!text) throw new Error(`docs/operations.ts does not describe ${operation.operationId}`);
  operation.summary = text.summary;
  const headers = (text.takes ?? []).map((name) => header(name));
  operation.parameters = [...(operation.parameters ?? []), ...headers];
  operation.responses = { [text.success]: success(text), ...problems(text, kinds) };
  if (text.requestExample !== undefined) addExample(operation, text.requestExample);
}

function header(name: keyof typeof REQUEST_HEADERS) {
  const schema = { type: 'string' };
  return { name, in: 'header' as const, required: false, description: REQUEST_HEADERS[name], schema };
}

function success({ answer, isList, mediaType = 'application/json', gives = [], example }: OperationText) {
  const named = gives.map((name) => [
    name,
    { description: RESPONSE_HEADERS[name], schema: { type: 'string' } },
  ]);
  const headers = named.length > 0 ? { headers: Object.fromEntries(named) as object } : {};
  if (!answer) return { description: 'Done.', ...headers };
  const one = { $ref: `#/components/schemas/${answer}` };
  const schema = isList ? { type: 'array', items: one } : one;
  return {
    description: 'Done.',
    ...headers,
    content: { [mediaType]: { schema, ...(example !== undefined && { example }) } },
  };
}

function problems({ problems: own }: OperationText, kinds: readonly ProblemKind[]) {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const statuses = [...new Set([...own, ...COMMON_PROBLEMS])].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => [status, { description: typesOf(status, kinds), content }]),
  );
}

/** Which problems a status can be. */
function typesOf(status: number, kinds: readonly ProblemKind[]): string {
  const names = kinds.filter((kind) => kind.status === status).map(({ name }) => `\`/problems/${name}\``);
  return `A problem; its \`type\` says which: ${names.join(', ')}.`;
}

function addExample({ requestBody }: Operation, example: unknown): void {
  if (requestBody && 'content' in requestBody)
    for (const content of Object.values(requestBody.content)) content.example = example;
}
