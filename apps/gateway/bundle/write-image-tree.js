import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { inlinedInBuild } from './inlined-in-build.js';
import { lockedPackages } from './packages.js';
import { LOADED_LATER, runtimeFolders } from './runtime-packages.js';
import { sbomOf } from './sbom.js';

const PROGRAMS = ['gateway', 'policy', 'doctor', 'forget', 'contract', 'stack'].map(
  (app) => `dist/apps/${app}/src/main.js`,
);

/**
 * Writes what an image of the gateway contains into the folder that is named: the programs, the packages that are not in their bundles,
 * the notices of those that are, a bill of materials of all of them, and a package.json that names what is there and nothing else.
 */
const [target = 'dist/image'] = process.argv.slice(2);
const project = JSON.parse(readFileSync('package.json', 'utf8'));
const locked = lockedPackages();
const beside = runtimeFolders(locked);
const inlined = inlinedInBuild(PROGRAMS);
const dependencies = Object.fromEntries(
  LOADED_LATER.map((name) => [name, locked.get(`node_modules/${name}`).version]),
);

rmSync(target, { recursive: true, force: true });
for (const folder of beside) copy(folder, ownFilesOf(folder));
for (const program of PROGRAMS)
  for (const file of [program, `${program}.map`, join(dirname(program), 'THIRD-PARTY-NOTICES.txt')])
    copy(file);
copy('openapi.json');
const { name, version, description, license, type, engines } = project;
writeJson('package.json', {
  ...{ name, version, description, private: true, license, type, engines, dependencies },
  scripts: {
    start: 'node dist/apps/gateway/src/main.js',
    policy: 'node dist/apps/policy/src/main.js',
    doctor: 'node dist/apps/doctor/src/main.js',
    forget: 'node dist/apps/forget/src/main.js',
    contract: 'node dist/apps/contract/src/main.js',
    stack: 'node dist/apps/stack/src/main.js',
    sbom: `node -p "fs.readFileSync('sbom.cdx.json', 'utf8')"`,
  },
});
const folders = [...new Set([...beside, ...inlined])].sort();
writeJson('sbom.cdx.json', sbomOf(project, folders, inlined, locked));

function copy(path, options = {}) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  cpSync(path, join(target, path), { recursive: true, ...options });
}

/** Without what only tools read. The packages below a package are copied for themselves, if at all. */
function ownFilesOf(folder) {
  const isWanted = (path) => !path.split('/').includes('node_modules') && !/\.(map|d\.[cm]?ts)$/.test(path);
  return { filter: (path) => isWanted(relative(folder, path)) };
}

function writeJson(path, value) {
  writeFileSync(join(target, path), `${JSON.stringify(value, null, 2)}\n`);
}
