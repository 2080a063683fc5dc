import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Makes a release of what is committed: `npm run release -- 0.2.0`. Writes the version into all that names it, gives what the changelog has under "Unreleased" that
 * version and today's date, commits, and tags. Publishes and pushes nothing.
 */
const [version = ''] = process.argv.slice(2);
const git = (...words) => execFileSync('git', words, { encoding: 'utf8' }).trim();
const { version: old } = JSON.parse(readFileSync('package.json', 'utf8'));
if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
  stop(`Say which version is to be released; the last is ${old}.`);
if (git('status', '--porcelain') !== '') stop('Commit first: the working tree is not clean.');
if (git('tag', '--list', `v${version}`) !== '') stop(`v${version} is there already.`);

const changelog = readFileSync('CHANGELOG.md', 'utf8');
const changes = /^## Unreleased\n([^]*?)(?=^## |$(?![^]))/m.exec(changelog)?.[1]?.trim();
if (!changes) stop('CHANGELOG.md says nothing under "Unreleased".');
const today = new Date().toISOString().slice(0, 10);
writeFileSync(
  'CHANGELOG.md',
  changelog.replace(/^## Unreleased\n/m, `## Unreleased\n\n## ${version} (${today})\n`),
);
replaceIn('Dockerfile', `ARG VERSION=${old}`, `ARG VERSION=${version}`);
replaceIn('deploy/kubernetes/base/kustomization.yaml', `newTag: ${old}`, `newTag: ${version}`);
execFileSync('npm', ['version', version, '--no-git-tag-version'], { stdio: 'ignore' });
git('commit', '--all', '--quiet', '--message', `Release ${version}`);
git('tag', '--annotate', `v${version}`, '--message', `${version}\n\n${changes}`);
process.stdout.write(`v${version} is tagged: docs/releasing.md says what follows.\n`);

function replaceIn(path, before, after) {
  const text = readFileSync(path, 'utf8');
  if (!text.includes(before)) stop(`${path} does not say ${before}`);
  writeFileSync(path, text.replace(before, after));
}

function stop(reason) {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
