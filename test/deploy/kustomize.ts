import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  [field: string]: unknown;
}

interface Kustomization {
  resources: string[];
  patches?: { path: string }[];
  configMapGenerator?: { name: string; files: string[] }[];
  generatorOptions?: { disableNameSuffixHash: true };
  images?: { name: string; newName: string; newTag: string }[];
}

const KNOWN = [
  'apiVersion',
  'kind',
  'resources',
  'patches',
  'configMapGenerator',
  'generatorOptions',
  'images',
];

/** What `kubectl kustomize` makes of a folder, for the few fields that are used here; throws on any other. */
export function kustomize(folder: string): Manifest[] {
  const kustomization = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
  const unknown = Object.keys(kustomization).filter((field) => !KNOWN.includes(field));
  if (unknown.length > 0) throw new Error(`${folder}: not known here: ${unknown.join(', ')}`);
  const { resources, patches = [], configMapGenerator = [], images = [] } = kustomization;
  const manifests = resources.flatMap((resource) => manifestsAt(join(folder, resource)));
  for (const { name, files } of configMapGenerator) manifests.push(configMap(name, files, folder));
  const patched = patches.reduce((all, { path }) => patch(all, manifestsAt(join(folder, path))), manifests);
  return images.reduce(withImage, patched);
}

function manifestsAt(path: string): Manifest[] {
  if (statSync(path).isDirectory()) return kustomize(path);
  return parseAllDocuments(readFileSync(path, 'utf8'), { uniqueKeys: true }).map((document) => {
    if (document.errors[0]) throw new Error(`${path}: ${document.errors[0].message}`);
    return document.toJS() as Manifest;
  });
}

function configMap(name: string, files: string[], folder: string): Manifest {
  const data = Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
}

function patch(manifests: Manifest[], changes: Manifest[]): Manifest[] {
  for (const change of changes) {
    const isMeant = ({ kind, metadata }: Manifest) =>
      kind === change.kind && metadata.name === change.metadata.name;
    if (!manifests.some(isMeant))
      throw new Error(`there is no ${change.kind} ${change.metadata.name} to patch`);
    manifests = manifests.map((each) => (isMeant(each) ? (merged(each, change) as Manifest) : each));
  }
  return manifests;
}

/** Strategic merge: lists of what has a name by the name, other lists as a whole. */
function merged(base: unknown, change: unknown): unknown {
  if (isNamedList(base) && isNamedList(change)) {
    const others = change.filter(({ name }) => !base.some((each) => each.name === name));
    return [
      ...base.map((each) => merged(each, change.find(({ name }) => name === each.name) ?? {})),
      ...others,
    ];
  }
  if (!isObject(base) || !isObject(change)) return change;
  const names = new Set([...Object.keys(base), ...Object.keys(change)]);
  return Object.fromEntries(
    [...names].map((name) => [name, name in change ? merged(base[name], change[name]) : base[name]]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNamedList = (value: unknown): value is { name: string }[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => isObject(each) && 'name' in each);

function withImage(
  manifests: Manifest[],
  { name, newName, newTag }: { name: string; newName: string; newTag: string },
) {
  const text = JSON.stringify(manifests).replaceAll(`"image":"${name}"`, `"image":"${newName}:${newTag}"`);
  return JSON.parse(text) as Manifest[];
}
