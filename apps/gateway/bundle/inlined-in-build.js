import { existsSync, readFileSync } from 'node:fs';

export const INLINED_FILE = 'dist/inlined-packages.json';

/** The folders of the packages that stand in these programs of the build; in all of them when none is named. */
export function inlinedInBuild(programs) {
  if (!existsSync(INLINED_FILE))
    throw new Error('Run `npm run build` first: there is no build to look into.');
  const byProgram = JSON.parse(readFileSync(INLINED_FILE, 'utf8'));
  return [...new Set((programs ?? Object.keys(byProgram)).flatMap((program) => byProgram[program]))].sort();
}
