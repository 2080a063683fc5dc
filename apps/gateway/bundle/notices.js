import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { licenseOf, nameOf } from './packages.js';

const NOTICE_FILE = /^(licen[cs]e|copying|notice|copyright)[^/]*$/i;
const README = /^readme(\.|$)/i;
const LICENCE_SECTION = /^#+ *licen[cs]e[^]*/im;
const CODE = /\.([cm]?[jt]s|json)$/;
const RULE = '='.repeat(80);

/** The licence and the notices of each of these packages, as their licences ask those who pass them on; `legalComments` stood in their code. */
export function noticesOf(folders, locked, legalComments) {
  const parts = folders.map((folder) => {
    const { version } = locked.get(folder);
    return [
      `${nameOf(folder)} ${version} (${licenseOf(folder, locked) ?? 'see below'})`,
      ...textsOf(folder),
    ].join('\n\n');
  });
  return [...parts, legalComments.trim()].filter((part) => part !== '').join(`\n\n${RULE}\n\n`) + '\n';
}

/** A package without such a file says it in its readme, or at least who wrote it. */
function textsOf(folder) {
  const files = readdirSync(folder).sort();
  const notices = files.filter((file) => NOTICE_FILE.test(file) && !CODE.test(file));
  if (notices.length > 0) return notices.map((file) => read(folder, file));
  const readme = files.find((file) => README.test(file));
  const section = readme && LICENCE_SECTION.exec(read(folder, readme))?.[0];
  const { author, repository } = JSON.parse(read(folder, 'package.json'));
  return [section, author?.name ?? author, repository?.url ?? repository].filter(Boolean);
}

const read = (folder, file) => readFileSync(join(folder, file), 'utf8').trim();
