import { build } from 'esbuild';

const ENTRIES = ['gateway', 'policy', 'idaas-emulator'].map((app) => `dist/apps/${app}/src/main.js`);

/**
 * Puts what the built gateway, the policy command and the emulator load at start, packages too, into their entries: to find and read some three thousand files took
 * longer than all else that a start does. The other files of the build stay as they are, for tools and tests.
 */
await build({
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
  external: [
    // Nest looks for them, and goes on without.
    ...['@nestjs/microservices', '@nestjs/microservices/*', '@nestjs/websockets', '@nestjs/websockets/*'],
    ...['@fastify/view', '@fastify/multipart', 'class-transformer/storage'],
    // Loaded when they are needed only: traces, a log in a terminal, the pages of the documentation.
    ...['@opentelemetry/*', 'pino-pretty', 'swagger-ui-dist'],
  ],
  sourcemap: true,
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'error',
});
