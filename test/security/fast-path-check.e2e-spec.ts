import { spawnSync } from 'node:child_process';

const GUARD = 'provide({ provide: APP_GUARD, useClass: Deny });';
const ADDITIONS: readonly (readonly [name: string, addition: string, said: RegExp])[] = [
  ['a global guard of the module', GUARD, /^FastPathIncomplete: .*the global Deny/],
  ['a guard for each request', 'provide({ provide: APP_GUARD, useClass: Deny, scope: 2 });', /the global/],
  [
    'a global guard of the application',
    'change = (app) => app.useGlobalGuards(new Deny());',
    /the global Deny/,
  ],
  ['a global interceptor', 'provide({ provide: APP_INTERCEPTOR, useClass: Watch });', /the global Watch/],
  [
    'a hook of Fastify',
    "change = (app) => app.getHttpAdapter().getInstance().addHook('onRequest', deny);",
    /does not know a hook of Fastify \(deny\):/,
  ],
  [
    'a hook that a provider adds',
    `provide({ provide: 'it', inject: [HttpAdapterHost], useFactory: ({ httpAdapter }) =>
      httpAdapter.getInstance().addHook('preHandler', deny) && 'it' });`,
    /does not know a hook of Fastify \(deny\):/,
  ],
  [
    'a guard of a route',
    "Reflect.defineMetadata('__guards__', [Deny], StatusController);",
    /Deny at StatusController/,
  ],
  ['middleware', 'change = (app) => app.use((q, r, next) => next());', /TypeError/],
];

/** Builds the gateway with each of these added, and tells what became of its start. */
function starts(additions: readonly string[], settings: Record<string, string> = {}): string[] {
  const script = `
    import 'reflect-metadata';
    import { APP_GUARD, APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
    import { loadConfig } from './dist/libs/config/src/index.js';
    import { createGateway } from './dist/apps/gateway/src/create-gateway.js';
    import { GatewayModule } from './dist/apps/gateway/src/gateway.module.js';
    import { StatusController } from './dist/apps/gateway/src/status/status.controller.js';
    import { SETTINGS } from './dist/apps/gateway/src/settings.js';
    class Deny { canActivate() { return false; } }
    class Watch { intercept(context, next) { return next.handle(); } }
    function deny(request, reply, done) { done(); }
    const providers = Reflect.getMetadata('providers', GatewayModule);
    const provide = (one) => Reflect.defineMetadata('providers', [...providers, one], GatewayModule);
    const started = async (change) => {
      const app = await createGateway(loadConfig(SETTINGS, process.env));
      await change(app);
      await app.listen(0, '127.0.0.1');
      await app.close();
      return 'started';
    };
    const said = [];
    let change;
    ${additions
      .map(
        (addition) => `
          Reflect.deleteMetadata('__guards__', StatusController);
          Reflect.defineMetadata('providers', providers, GatewayModule);
          change = () => {};
          ${addition}
          said.push(await started(change).catch((error) => error.name + ': ' + error.message));`,
      )
      .join('')}
    console.error(JSON.stringify(said));
    process.exit();`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      MANAGEMENT_PORT: '0',
      STOP_GRACE_MS: '0',
      LOG_LEVEL: 'fatal',
      IDAAS_BASE_URL: 'http://127.0.0.1:9',
      IDAAS_APPLICATION_ID: 'application',
      IDAAS_SHARED_SECRET: 'secret',
      ...settings,
    },
  });
  return JSON.parse(run.stderr.trim().split('\n').at(-1) ?? '') as string[];
}

describe('a gateway with something in front of its routes that the fast path does not know', () => {
  let said: string[];
  beforeAll(() => {
    said = starts(['', ...ADDITIONS.map(([, addition]) => addition)]);
  }, 120_000);

  it.each(ADDITIONS.map(([name], index) => [name, index] as const))('does not start: %s', (_, index) => {
    expect(said[index + 1]).toMatch(ADDITIONS[index]?.[2] as RegExp);
  });

  it('starts without the fast path, and as it is', () => {
    expect(said[0]).toBe('started');
    expect(starts([GUARD], { FAST_PATH: 'off' })).toEqual(['started']);
  });
});
