import { readFileSync } from 'node:fs';

/** Prints the licence of each package that runs in production, as the lock file knows it, one per line. */
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const lines = Object.entries(packages)
  .filter(([path, { dev, optional }]) => path !== '' && !dev && !optional)
  .map(
    ([path, { version, license }]) =>
      `${license ?? 'UNKNOWN'}\t${path.split('node_modules/').at(-1)}@${version}`,
  );
process.stdout.write(`${[...new Set(lines)].sort().join('\n')}\n`);
