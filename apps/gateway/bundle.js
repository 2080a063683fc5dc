import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { inAscii } from './bundle/ascii.js';
import { keepNamesOfClasses } from './bundle/class-names.js';
import { INLINED_FILE } from './bundle/inlined-in-build.js';
import { faultsOf, inlinedFolders } from './bundle/inlined-packages.js';
import { noticesOf } from './bundle/notices.js';
import { ownSourceMap } from './bundle/own-source-map.js';
import { lockedPackages } from './bundle/packages.js';
import { LOADED_LATER } from './bundle/runtime-packages.js';

const ENTRIES = ['gateway', 'policy', 'doctor', 'forget', 'contract', 'stack', 'idaas-emulator'].map(
  (app) => `dist/apps/${app}/src/main.js`,
);

/** Packages look for them, and go on without. */
const ABSENT = [
  ...['@nestjs/microservices', '@nestjs/websockets', '@nestjs/platform-express'],
  ...['@fastify/view', '@fastify/multipart', 'class-transformer/storage', 'supports-color'],
];

/**
 * Puts what the built gateway, the commands and the emulator load at start, packages too, into their entries: to find and read some three thousand files took
 * longer than all else that a start does. The other files of the build stay as they are, for tools and tests.
 */
const { metafile } = await build({
  entryPoints: ENTRIES,
  outdir: 'dist',
  outbase: 'dist',
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Packages in CommonJS ask for these.
  banner: {
    js: [
      "import { createRequire as createRequireHere } from 'node:module';",
      'const require = createRequireHere(import.meta.url);',
      'const { filename: __filename, dirname: __dirname } = import.meta;',
    ].join('\n'),
  },
  keepNames: true,
  external: [...ABSENT, ...LOADED_LATER],
  sourcemap: true,
  sourcesContent: false,
  plugins: [ownSourceMap],
  legalComments: 'external',
  logLevel: 'error',
  metafile: true,
});

const locked = lockedPackages();
const outputs = ENTRIES.map((entry) => [entry, metafile.outputs[entry]]);
const faults = outputs.flatMap(([entry, output]) => faultsOf(entry, output, locked, ABSENT));
if (faults.length > 0) {
  ENTRIES.forEach((entry) => rmSync(entry));
  process.stderr.write(
    `The bundle is not fit for production:\n${faults.map((each) => `  - ${each}\n`).join('')}`,
  );
  process.exit(1);
}

for (const [entry, output] of outputs) {
  writeFileSync(entry, keepNamesOfClasses(inAscii(readFileSync(entry, 'utf8'))));
  const comments = `${entry}.LEGAL.txt`;
  const inComments = existsSync(comments) ? readFileSync(comments, 'utf8') : '';
  const notices = noticesOf(inlinedFolders(output), locked, inComments);
  writeFileSync(join(dirname(entry), 'THIRD-PARTY-NOTICES.txt'), notices);
  rmSync(comments, { force: true });
}
// What a bill of materials, and what is copied into an image, go by.
writeFileSync(
  INLINED_FILE,
  JSON.stringify(
    Object.fromEntries(outputs.map(([entry, output]) => [entry, inlinedFolders(output)])),
    null,
    1,
  ),
);
