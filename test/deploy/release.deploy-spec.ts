import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILES = [
  'package.json',
  'package-lock.json',
  'Dockerfile',
  'CHANGELOG.md',
  'deploy/kubernetes/base',
  '.npmrc',
];

describe('a release', () => {
  const directory = mkdtempSync(join(tmpdir(), 'release-'));
  const git = (...words: string[]) => execFileSync('git', words, { cwd: directory, encoding: 'utf8' }).trim();
  const script = join(process.cwd(), 'test/conventions/release.js');
  const release = (version: string) =>
    spawnSync(process.execPath, [script, version], { cwd: directory, encoding: 'utf8' });
  const text = (path: string) => readFileSync(join(directory, path), 'utf8');

  beforeAll(() => {
    for (const file of FILES) cpSync(file, join(directory, file), { recursive: true });
    writeFileSync(
      join(directory, 'CHANGELOG.md'),
      '# Changelog\n\n## Unreleased\n\n- A change.\n\n## 0.0.1 (2026-01-01)\n',
    );
    git('init', '--quiet');
    git('config', 'user.name', 'tess');
    git('config', 'user.email', 'tess@example.com');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'all');
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is refused while something is not committed, and without a version', () => {
    expect(release('next').stderr).toContain('Say which version');
    writeFileSync(join(directory, 'new'), '');
    expect(release('9.8.7').stderr).toContain('Commit first');
    rmSync(join(directory, 'new'));
  });

  it('writes its version wherever it stands, dates the changelog, commits and tags', () => {
    expect(release('9.8.7').stderr).toBe('');
    expect(JSON.parse(text('package.json'))).toMatchObject({ version: '9.8.7' });
    expect(JSON.parse(text('package-lock.json'))).toMatchObject({ version: '9.8.7' });
    expect(text('Dockerfile')).toContain('ARG VERSION=9.8.7\n');
    expect(text('deploy/kubernetes/base/kustomization.yaml')).toContain('newTag: 9.8.7');
    expect(text('CHANGELOG.md')).toMatch(
      /## Unreleased\n\n## 9\.8\.7 \(\d{4}-\d\d-\d\d\)\n\n- A change\.\n\n## 0\.0\.1/,
    );
    expect(git('status', '--porcelain')).toBe('');
    expect(git('tag', '--list', '-n9', 'v9.8.7')).toContain('- A change.');
  });

  it('is refused when it is there already, or when nothing changed', () => {
    expect(release('9.8.7').stderr).toContain('v9.8.7 is there already');
    expect(release('9.8.8').stderr).toContain('says nothing under "Unreleased"');
  });
});
