import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** In a process of its own: the build is plain Node code, and so is the script that reads it. */
function generated(): Record<string, string> {
  const script = `import { generatedDocs } from './test/house/generated-docs.js';
    process.stdout.write(JSON.stringify(await generatedDocs()));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
  ) as Record<string, string>;
}

const documents = generated();

describe('the documents that follow from the code', () => {
  it.each(Object.entries(documents))('%s is up to date: `npm run docs` renews it', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('include openapi.json: `npm run openapi` renews it', () => {
    const script = `import { openapi } from './test/house/openapi.js'; process.stdout.write(await openapi()); process.exit(0);`;
    const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(readFileSync('openapi.json', 'utf8')).toBe(text);
  });

  it('name each problem once', () => {
    const names = [...(documents['docs/problems.md'] ?? '').matchAll(/`\/problems\/([a-z-]+)`/g)].map(
      ([, name]) => name,
    );
    expect(names.length).toBeGreaterThan(15);
    expect(new Set(names).size).toBe(names.length);
  });
});
