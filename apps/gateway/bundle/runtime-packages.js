import { dependenciesOf, isForDevelopment } from './packages.js';

/** Loaded when they are needed only, from node_modules: traces, a log in a terminal, the pages of the documentation. */
export const LOADED_LATER = [
  '@opentelemetry/api',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-node',
  'pino-pretty',
  'swagger-ui-dist',
];

/** The folders of the packages that stand beside the bundle in production: those, and what they depend on. */
export function runtimeFolders(locked) {
  const found = new Set();
  const visit = (folder) => {
    if (found.has(folder) || isForDevelopment(locked.get(folder))) return;
    found.add(folder);
    dependenciesOf(folder, locked).forEach(visit);
  };
  LOADED_LATER.forEach((name) => visit(`node_modules/${name}`));
  return [...found].sort();
}
