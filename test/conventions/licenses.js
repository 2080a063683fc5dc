import { inlinedInBuild } from '../../apps/gateway/bundle/inlined-in-build.js';
import { licenseOf, lockedPackages, nameOf } from '../../apps/gateway/bundle/packages.js';
import { runtimeFolders } from '../../apps/gateway/bundle/runtime-packages.js';

/** Prints the licence of each package that is in the bundles or stands beside them, as the lock file knows it, one per line. */
const locked = lockedPackages();
const lines = [...inlinedInBuild(), ...runtimeFolders(locked)].map((folder) => {
  const license = licenseOf(folder, locked) ?? 'UNKNOWN';
  return `${license}\t${nameOf(folder)}@${locked.get(folder).version}`;
});
process.stdout.write(`${[...new Set(lines)].sort().join('\n')}\n`);
