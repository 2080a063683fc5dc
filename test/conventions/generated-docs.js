import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The documents that follow from the code, by path. They are read from the build, so build first. */
export async function generatedDocs() {
  const settings = await allSettings();
  return {
    'docs/configuration.md': between('docs/configuration.md', settingsTable(settings)),
    'docs/drop-in.md': between('docs/drop-in.md', stricterTable(await stricter())),
    'docs/problems.md': between('docs/problems.md', problemsTable(await allProblems())),
    'libs/problem/src/own-codes.ts': ownCodes(await allProblems()),
    '.env.example': envExample(settings),
  };
}

const load = (path) => import(pathToFileURL(path).href);

async function allSettings() {
  const { SETTINGS } = await load('dist/apps/gateway/src/settings.js');
  const { settingsOf } = await load('dist/libs/config/src/setting.decorator.js');
  return SETTINGS.flatMap((settings) => settingsOf(settings));
}

/** Every class with a `kind` in a file of problems, wherever it stands. */
export async function allProblems() {
  const files = readdirSync('dist', { recursive: true }).filter((file) => /problems?\.js$/.test(file));
  const modules = await Promise.all(files.map((file) => load(join('dist', file))));
  const kinds = modules.flatMap((module) => Object.values(module).flatMap((exported) => exported.kind ?? []));
  const distinct = [...new Set(kinds)];
  const names = distinct.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`Two kinds of problems are called ${twice.join(', ')}.`);
  return distinct.sort((a, b) => a.status - b.status || a.name.localeCompare(b.name));
}

function settingsTable(settings) {
  const rows = settings.map(({ name, default: fallback, meaning, kind }) => {
    const shown = fallback === undefined ? '' : `\`${fallback}\``;
    const file = kind.secret ? ` (or \`${name}_FILE\`)` : '';
    return `| \`${name}\`${file} | ${shown} | ${meaning}; ${kind.expected} |`;
  });
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

function problemsTable(kinds) {
  const rows = kinds.map(({ name, status, title, meaning }) => {
    return `| <a id="${name}"></a>\`/problems/${name}\` | ${status} | ${title} | ${meaning} |`;
  });
  return ['| type | status | title | what it means |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The file as it is, with the codes of now. */
function ownCodes(kinds) {
  const before = readFileSync('libs/problem/src/own-codes.ts', 'utf8').split('[\n', 1)[0];
  const codes = kinds.map(({ name }) => name.replaceAll('-', '_')).sort();
  return `${before}[\n${codes.map((code) => `  '${code}',\n`).join('')}]);\n`;
}

async function stricter() {
  const { STRICTER } = await load('dist/apps/openapi/src/stricter.js');
  return STRICTER;
}

function stricterTable(all) {
  const rows = all.map(({ at, rule, reason }) => `| ${at} | ${rule} | ${reason} |`);
  return ['| where | what the gateway wants | why |', '| --- | --- | --- |', ...rows].join('\n');
}

function envExample(settings) {
  const entries = settings.map(({ name, default: fallback, meaning }) => {
    const assignment = fallback === undefined ? `#${name}=` : `#${name}=${fallback}`;
    return `# ${meaning}\n${assignment}\n`;
  });
  return [
    '# Every setting of the gateway with its default. docs/configuration.md explains them.\n',
    ...entries,
  ].join('\n');
}

/** A document is written by hand around its generated table. */
function between(path, table) {
  const [begin, end] = ['<!-- generated -->', '<!-- end -->'];
  const text = readFileSync(path, 'utf8');
  const [before, rest] = text.split(begin);
  return `${before}${begin}\n\n${table}\n\n${end}${rest.split(end)[1]}`;
}
