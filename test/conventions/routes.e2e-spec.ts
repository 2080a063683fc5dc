import { execFileSync } from 'node:child_process';

/** Walks every route of every controller in the build. */
function routes(): { route: string; permission: string | null }[] {
  const script = `
    import 'reflect-metadata';
    import { readdirSync } from 'node:fs';
    import { requirementOf } from './dist/libs/policy/src/requires.decorator.js';
    const files = readdirSync('dist/apps/gateway', { recursive: true }).filter((file) => file.endsWith('.controller.js'));
    const controllers = (await Promise.all(files.map((file) => import('./dist/apps/gateway/' + file)))).flatMap(Object.values);
    const routes = controllers.flatMap((controller) =>
      Object.getOwnPropertyNames(controller.prototype)
        .filter((method) => method !== 'constructor' && Reflect.hasMetadata('path', controller.prototype[method]))
        .map((method) => ({ route: controller.name + '.' + method, permission: requirementOf(controller.prototype[method]) ?? null })));
    process.stdout.write(JSON.stringify(routes));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  return JSON.parse(output) as ReturnType<typeof routes>;
}

it('every route says which permission it needs', () => {
  expect(routes().filter(({ permission }) => permission === null)).toEqual([]);
});

it('the vendor’s operations need the vendor’s permissions', () => {
  expect(
    Object.fromEntries(routes().map(({ route, permission }) => [route.split('.')[1], permission])),
  ).toMatchObject({
    print: 'ISSUANCE:ADD',
    getPrintStatus: 'ISSUANCE:VIEW',
    updatePrint: 'ISSUANCE:EDIT',
    resumePrintJob: 'ISSUANCE:ADD',
    cancelPrint: 'ISSUANCE:REMOVE',
    getPrintCounts: 'REPORTS:VIEW',
    readPrinters: 'PRINTERS:VIEW',
    readPrinter: 'PRINTERS:VIEW',
  });
});
