import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { INLINED_FILE } from '../../apps/gateway/bundle/inlined-in-build.js';

const SOURCES = ['apps', 'libs'];
const OTHERS = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json'];
const NOT_BUILT = /\.spec\.ts$|-in-test\.ts$|\.md$/;

/** Throws where what the tests would start is not what the sources say. The build writes this file last. */
export function requireFreshBuild() {
  const built = statSync(INLINED_FILE, { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) throw new Error('There is no build to test: run `npm run build` first.');
  const newer = sourceFiles().find((file) => statSync(file).mtimeMs > built);
  if (newer) throw new Error(`The build is older than ${newer}: run \`npm run build\` first.`);
}

function sourceFiles() {
  const inFolders = SOURCES.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !NOT_BUILT.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return [...OTHERS, ...inFolders];
}
