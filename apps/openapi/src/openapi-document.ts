import type { INestApplication } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DocumentBuilder, getSchemaPath, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { requirementOf } from '#libs/policy';
import type { ProblemKind } from '#libs/problem';
import { problemsOf } from '../../gateway/src/openapi/api-problems.decorator.js';
import { Problem } from '../../gateway/src/openapi/problem.dto.js';
import { ANY_ROUTE, NEEDS_PERMISSION } from '../../gateway/src/openapi/problem-sets.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Handler = (...args: never[]) => unknown;

const SECURITY = 'accessToken';
const PLACES = ['path', 'query', 'header'];
const METHODS = ['get', 'post', 'patch', 'delete'] as const;

/**
 * The OpenAPI document of an application. Everything in it is said by the decorators of the routes; what each route requires, and which
 * problems it can answer with, is added here. Throws for a problem that does not exist.
 */
export function openapiDocument(app: INestApplication, kinds: readonly ProblemKind[]): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('IDaaS Print Gateway')
    .setDescription(
      'The print operations of the Entrust IDaaS Issuance API (5.46) for end users, and what frontends need beyond them.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', bearerFormat: 'JWT', description: 'Your own access token.' }, SECURITY)
    .addSecurityRequirements(SECURITY)
    .build();
  const document = SwaggerModule.createDocument(app, builder, {
    operationIdFactory: (_, method) => method,
    extraModels: [Problem],
  });
  const handlers = handlersOf(app);
  const operations = Object.values(document.paths).flatMap((path) => METHODS.map((method) => path[method]));
  for (const operation of operations.filter((each) => each !== undefined)) {
    const handler = handlers.get(operation.operationId ?? '');
    if (!handler) throw new Error(`No controller has ${operation.operationId}.`);
    describe(operation, handler, kinds);
  }
  return document;
}

/** The handlers of all controllers, by name: an operation is called like its handler. */
function handlersOf(app: INestApplication): ReadonlyMap<string, Handler> {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  return new Map(
    controllers.flatMap(({ metatype }) => {
      const prototype = (metatype as { readonly prototype: Record<string, Handler> }).prototype;
      return Object.getOwnPropertyNames(prototype).map((name) => [name, prototype[name] as Handler] as const);
    }),
  );
}

function describe(operation: Operation, handler: Handler, kinds: readonly ProblemKind[]): void {
  const requirement = requirementOf(handler);
  operation.parameters?.sort((a, b) => placeOf(a) - placeOf(b));
  operation.description = `Needs ${requirement ?? 'nothing'}.`;
  Object.assign(operation, { 'x-requires': requirement });
  const names = [
    ...ANY_ROUTE,
    ...(requirement === 'a known caller' ? [] : NEEDS_PERMISSION),
    ...problemsOf(handler),
  ];
  const possible = [...new Set(names)].map((name) => kindNamed(name, kinds));
  const statuses = [...new Set(possible.map(({ status }) => status))].sort((a, b) => a - b);
  for (const status of statuses)
    operation.responses[status] = problemResponse(possible.filter((kind) => kind.status === status));
}

/** Parameters of the path first, headers last. */
function placeOf(parameter: object): number {
  return 'in' in parameter ? PLACES.indexOf(String(parameter.in)) : -1;
}

function kindNamed(name: string, kinds: readonly ProblemKind[]): ProblemKind {
  const kind = kinds.find((each) => each.name === name);
  if (!kind) throw new Error(`There is no problem ${name}.`);
  return kind;
}

/** The answer with a status, and which problems it can be. */
function problemResponse(kinds: readonly ProblemKind[]) {
  const titles = new Map(kinds.map(({ name, title }) => [`/problems/${name}`, title]));
  const ofThese = { type: 'object', properties: { type: { type: 'string', enum: [...titles.keys()] } } };
  return {
    description: [...titles].map(([type, title]) => `\`${type}\`: ${title}.`).join(' '),
    content: {
      'application/problem+json': { schema: { allOf: [{ $ref: getSchemaPath(Problem) }, ofThese] } },
    },
  };
}
