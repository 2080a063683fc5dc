import type { ApplicationConfig } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { ProblemFilter } from '#libs/problem';
import { AdmittedGuard } from '../admission/admitted.guard.js';
import { FAST_PATH_HANDLERS } from './fast-path-routes.js';
import { CachedResponseInterceptor } from '../server/response/cached-response.interceptor.js';

/** Hooks of Fastify that a request passes, and the one that could give a route more of them. */
const REQUEST_HOOKS = [
  ...['onRequest', 'preParsing', 'preValidation', 'preHandler', 'preSerialization', 'onSend', 'onResponse'],
  ...['onError', 'onTimeout', 'onRequestAbort', 'onRoute'],
];
/** Hooks that Nest's adapter for Fastify calls where it was given any. */
const ADAPTER_HOOKS = ['onRequestHook', 'onResponseHook', 'corsHook', 'securityHook'];
/** Under these names Nest keeps what stands in front of a controller, or of one of its routes. */
const ENHANCERS = ['__guards__', '__interceptors__', '__pipes__', '__exceptionFilters__'];
/** What the interceptor does the fast path does itself (`conditionalResponse`). */
const KNOWN_CLASSES = new Set<unknown>([AdmittedGuard, ProblemFilter, CachedResponseInterceptor]);

/** Something decides about requests of which the fast path does not know. */
export class FastPathIncomplete extends Error {
  override readonly name = 'FastPathIncomplete';

  constructor(unknown: readonly string[]) {
    super(
      `The fast path does not know ${unknown.join(', ')}: requests that it answers would pass without. ` +
        'Let the admission decide instead (apps/gateway/src/admission), or set FAST_PATH=off.',
    );
  }
}

/**
 * Holds that nothing stands in the framework's way of a request but what the fast path does too. A guard, interceptor, filter or hook that
 * is added later would otherwise hold for some requests only.
 */
export class FastPathCheck {
  private readonly knownHooks = new Set<unknown>();

  constructor(private readonly fastify: FastifyInstance) {}

  /** What `add` adds is known, and all that was there before the first time. */
  async know(add: () => void = () => {}): Promise<void> {
    const isFirst = this.knownHooks.size === 0;
    const before = isFirst ? [] : await this.hooksByNow();
    add();
    for (const hook of await this.hooksByNow()) if (!before.includes(hook)) this.knownHooks.add(hook);
  }

  /** To be called when everything is in its place. Throws {@link FastPathIncomplete}. */
  requireComplete(app: NestFastifyApplication): void {
    const unknown = [...this.unknownHooks(app), ...unknownGlobals(app), ...unknownOnRoutes()];
    if (unknown.length > 0) throw new FastPathIncomplete(unknown);
  }

  private unknownHooks(app: NestFastifyApplication): string[] {
    const adapter = app.getHttpAdapter() as unknown as Record<string, unknown>;
    return [
      ...this.hooks()
        .filter((hook) => !this.knownHooks.has(hook))
        .map(({ name }) => `a hook of Fastify (${name || 'without a name'})`),
      ...ADAPTER_HOOKS.filter((name) => adapter[name] !== undefined).map((name) => `the adapter's ${name}`),
    ];
  }

  /** Fastify adds hooks when it comes to them. */
  private async hooksByNow() {
    await this.fastify.after();
    return this.hooks();
  }

  private hooks(): { readonly name: string }[] {
    const symbol = Object.getOwnPropertySymbols(this.fastify).find(
      ({ description }) => description === 'fastify.hooks',
    );
    const hooks =
      symbol && (this.fastify as unknown as Record<symbol, Record<string, { name: string }[]>>)[symbol];
    if (!hooks) throw new Error('Fastify keeps its hooks elsewhere');
    return REQUEST_HOOKS.flatMap((name) => hooks[name] ?? []);
  }
}

function unknownGlobals(app: NestFastifyApplication): string[] {
  const { config } = app as unknown as { readonly config?: ApplicationConfig };
  if (!config) throw new Error('Nest keeps its configuration elsewhere');
  const perRequest = [
    ...config.getGlobalRequestGuards(),
    ...config.getGlobalRequestInterceptors(),
    ...config.getGlobalRequestPipes(),
    ...config.getGlobalRequestFilters(),
  ].map(({ name }) => String(name));
  const objects: object[] = [
    ...config.getGlobalGuards(),
    ...config.getGlobalInterceptors(),
    ...config.getGlobalPipes(),
    ...config.getGlobalFilters(),
  ];
  const names = objects
    .filter((each) => !KNOWN_CLASSES.has(each.constructor))
    .map((each) => each.constructor.name);
  return [...names, ...perRequest].map((name) => `the global ${name}`);
}

function unknownOnRoutes(): string[] {
  return Object.values(FAST_PATH_HANDLERS).flatMap(({ controller, handler }) =>
    [controller, handler]
      .flatMap(enhancersOf)
      .filter((enhancer) => !KNOWN_CLASSES.has(enhancer))
      .map(({ name }) => `${name} at ${controller.name}`),
  );
}

function enhancersOf(place: object): { readonly name: string }[] {
  return ENHANCERS.flatMap(
    (name) => (Reflect.getMetadata(name, place) as { name: string }[] | undefined) ?? [],
  );
}
