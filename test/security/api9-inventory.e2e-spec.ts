import { execFileSync } from 'node:child_process';
import { TestEnvironment, withoutQuotas } from '../support/test-environment.js';
import { everyOperation } from '../support/operations.js';

/** Every route of every controller in the build, as the framework is told of it. */
function routes(): string[] {
  const script = `
    import 'reflect-metadata';
    import { readdirSync } from 'node:fs';
    import { RequestMethod } from '@nestjs/common';
    const files = readdirSync('dist/apps/gateway', { recursive: true }).filter((file) => file.endsWith('.controller.js'));
    const controllers = (await Promise.all(files.map((file) => import('./dist/apps/gateway/' + file)))).flatMap(Object.values);
    const pathsOf = (target) => [Reflect.getMetadata('path', target) ?? ''].flat();
    const routes = controllers.filter((each) => typeof each === 'function' && Reflect.hasMetadata('path', each)).flatMap((controller) =>
      Object.getOwnPropertyNames(controller.prototype)
        .filter((name) => name !== 'constructor' && Reflect.hasMetadata('path', controller.prototype[name]))
        .flatMap((name) => pathsOf(controller).flatMap((base) => pathsOf(controller.prototype[name]).map((path) =>
          RequestMethod[Reflect.getMetadata('method', controller.prototype[name])] + ' /' + [base, path].join('/')))));
    process.stdout.write(JSON.stringify(routes));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return (JSON.parse(output) as string[]).map((route) => route.replaceAll(/\/+/g, '/').replace(/\/$/, ''));
}

/** OWASP API9:2023, Improper Inventory Management. */
describe('API9, inventory', () => {
  let env: TestEnvironment;
  beforeAll(async () => {
    env = await TestEnvironment.open({ policy: withoutQuotas });
  });
  afterAll(() => env.close());

  it('every route is an operation of the document, and every operation a route', () => {
    const documented = everyOperation().map(
      ({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    );
    expect(routes().sort()).toEqual(documented.sort());
  });

  it('the document that is served is the one that is checked in', async () => {
    const served = (await env.anyone.get('/openapi.json')).body as { paths: object };
    expect(Object.keys(served.paths).sort()).toEqual(
      [...new Set(everyOperation().map(({ path }) => path))].sort(),
    );
  });

  it('other versions, other paths of the vendor’s and the paths of the management port are nothing here', async () => {
    const versions = [
      '/api/web/v0/printcounts',
      '/api/web/v2/printcounts',
      '/api/web/printcounts',
      '/api/gateway/v2/me',
      '/api/gateway/me',
    ];
    const vendors = [
      '/api/web/v1/adminapi/authenticate',
      '/api/web/v1/prints',
      '/api/web/v1/users',
      '/api/web/v2/prints/paginated',
    ];
    const management = [
      '/metrics',
      '/health',
      '/health/live',
      '/health/ready',
      '/admin',
      '/debug',
      '/status',
    ];
    const tools = [
      '/docs/json',
      '/docs-json',
      '/swagger.json',
      '/.env',
      '/.git/config',
      '/package.json',
      '/policy.yaml',
      '/credentials.json',
      '/dist/apps/gateway/src/main.js',
    ];
    const tries = [...versions, ...vendors, ...management, ...tools];
    const statuses = await Promise.all(
      tries.map(async (path) => [path, (await env.as('anna').get(path)).status] as const),
    );
    expect(statuses).toEqual(tries.map((path) => [path, 404]));
    expect(await env.emulator.callsOf('getPrintJobs')).toBe(0);
  });

  it('nothing outside the documentation’s own files is served from its folder', async () => {
    for (const path of [
      '/docs/..%2f..%2fpackage.json',
      '/docs/%2e%2e/package.json',
      '/docs//etc/passwd',
      '/docs/..;/openapi.json',
    ])
      expect((await env.anyone.get(path)).status).toBeGreaterThanOrEqual(400);
  });
});
