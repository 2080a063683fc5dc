import { isBuiltin } from 'node:module';
import { isForDevelopment, nameOf, packageFolderOf } from './packages.js';
import { LOADED_LATER } from './runtime-packages.js';

/** The folders of the packages of which something stands in an output of esbuild. */
export function inlinedFolders({ inputs }) {
  return [...new Set(Object.keys(inputs).flatMap((file) => packageFolderOf(file) ?? []))].sort();
}

/**
 * What is wrong with an output of esbuild, in words: a package for development that is in it, or one that it loads and that does not stand
 * beside it in production; `absent` are those that a library looks for and goes on without.
 */
export function faultsOf(name, output, locked, absent) {
  const inlined = inlinedFolders(output)
    .filter((folder) => isForDevelopment(locked.get(folder) ?? { dev: true }))
    .map((folder) => `${name} contains ${nameOf(folder)}, which is a package for development`);
  const known = [...LOADED_LATER, ...absent];
  const missing = output.imports
    .filter(({ path, external }) => external && !isOfNode(path) && !isOf(path, known))
    .map(({ path }) => `${name} loads ${path}, which is not there in production`);
  return [...new Set([...inlined, ...missing])];
}

/** Also what newer versions of Node have. */
const isOfNode = (path) => path.startsWith('node:') || isBuiltin(path);

const isOf = (path, names) => names.some((name) => path === name || path.startsWith(`${name}/`));
