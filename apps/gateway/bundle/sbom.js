import { Buffer } from 'node:buffer';
import { dependenciesOf, licenseOf, nameOf } from './packages.js';

/** SPDX identifiers are words; what has more is an expression. */
const SPDX_ID = /^[\w.+-]+$/;

/**
 * A bill of materials in CycloneDX 1.6 (ECMA-424) of these packages, given by folder; those in `inlined` are marked as part of the bundle.
 * A package that is installed twice in one version is one component.
 */
export function sbomOf(project, folders, inlined, locked) {
  const purl = (folder) => purlOf(nameOf(folder), locked.get(folder).version);
  const included = new Set(folders);
  const root = `pkg:npm/${project.name}@${project.version}`;
  const dependsOn = new Map([[root, new Set(folders.filter(isDirectOf(project)).map(purl))]]);
  for (const folder of folders) {
    const below = dependenciesOf(folder, locked).filter((each) => included.has(each));
    dependsOn.set(purl(folder), new Set([...(dependsOn.get(purl(folder)) ?? []), ...below.map(purl)]));
  }
  const bundled = new Set(inlined.map(purl));
  const components = new Map(
    folders.map((folder) => [purl(folder), componentOf(folder, purl(folder), locked, bundled)]),
  );
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': root,
        name: project.name,
        version: project.version,
        purl: root,
      },
    },
    components: [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
    dependencies: [...dependsOn].map(([ref, refs]) => ({ ref, dependsOn: [...refs].sort() })),
  };
}

const isDirectOf =
  ({ dependencies = {} }) =>
  (folder) =>
    folder === `node_modules/${nameOf(folder)}` && nameOf(folder) in dependencies;

function componentOf(folder, purl, locked, bundled) {
  const { version, integrity } = locked.get(folder);
  const license = licenseOf(folder, locked);
  const [scope, name] = nameOf(folder).startsWith('@') ? nameOf(folder).split('/') : ['', nameOf(folder)];
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope && { group: scope }),
    name,
    version,
    ...(integrity && { hashes: [hashOf(integrity)] }),
    ...(license && {
      licenses: [SPDX_ID.test(license) ? { license: { id: license } } : { expression: license }],
    }),
    purl,
    properties: [{ name: 'idaas-print-gateway:bundled', value: String(bundled.has(purl)) }],
  };
}

/** Package URL: the `@` of a scope is percent-encoded. */
const purlOf = (name, version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** Subresource Integrity → what CycloneDX calls it: `sha512-<base64>` → SHA-512 in hex. */
function hashOf(integrity) {
  const [, bits, digest] = /^sha(\d+)-(\S+)/.exec(integrity);
  return { alg: `SHA-${bits}`, content: Buffer.from(digest, 'base64').toString('hex') };
}
