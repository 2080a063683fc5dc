import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What package-lock.json says of each package, by the folder in which it is installed, such as `node_modules/a/node_modules/b`. */
export function lockedPackages() {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  return new Map(Object.entries(packages).filter(([folder]) => folder !== ''));
}

/** Whether nothing that runs in production depends on it; `devOptional` is what a production package could use, and none does. */
export const isForDevelopment = ({ dev, devOptional }) => dev === true || devOptional === true;

/** The folder of the package that a file belongs to; undefined for a file of this project. */
export const packageFolderOf = (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];

export const nameOf = (folder) => folder.split('node_modules/').at(-1);

/** As the lock file knows it, or as old packages say it; undefined where neither does. */
export function licenseOf(folder, locked) {
  const { license } = locked.get(folder);
  if (license) return license;
  const { licenses } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return licenses?.[0]?.type;
}

/** The folders of the packages that one depends on, found as Node finds them: in its own folder, then in those above. */
export function dependenciesOf(folder, locked) {
  const { dependencies, optionalDependencies, peerDependencies } = locked.get(folder) ?? {};
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  return names.flatMap((name) => resolve(name, folder, locked) ?? []);
}

function resolve(name, from, locked) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (locked.has(candidate)) return candidate;
    if (folder === '') return undefined;
  }
}
