import { existsSync, readFileSync } from 'node:fs';
import { inlinedInBuild } from './inlined-in-build.js';
import { lockedPackages } from './packages.js';
import { sbomOf } from './sbom.js';

/** Prints a bill of materials of all that `npm ci --omit=dev` installs; the bundle's packages are among them. Needs a build. */
const locked = lockedPackages();
const folders = [...locked]
  .filter(([folder, { dev }]) => !dev && existsSync(folder))
  .map(([folder]) => folder);
const project = JSON.parse(readFileSync('package.json', 'utf8'));
process.stdout.write(`${JSON.stringify(sbomOf(project, folders, inlinedInBuild(), locked), null, 2)}\n`);
