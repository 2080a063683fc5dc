import { SourceMap } from 'node:module';
import { withSources } from './with-sources.js';

/** Its second line, third column (counted from 0: 1, 2) comes from line 8, column 5 of http-faults.ts. */
const map = new SourceMap({
  file: 'main.js',
  version: 3,
  sources: ['../../../../libs/idaas/src/http-faults.ts'],
  sourcesContent: [],
  names: [],
  mappings: ';EAOI',
  sourceRoot: '',
});
const mapOf = (bundle: string) => (bundle === 'dist/apps/gateway/src/main.js' ? map : undefined);
const source = 'libs/idaas/src/http-faults.ts:8:5';

describe('positions in a bundle', () => {
  it.each([
    ['at asProblem (file:///app/dist/apps/gateway/src/main.js:2:3)', `at asProblem (${source})`],
    ['at /srv/gateway/dist/apps/gateway/src/main.js:2:3', `at ${source}`],
    ['at dist/apps/gateway/src/main.js:2:3', `at ${source}`],
    [
      '{"stack":"Error: x\\n    at file:///app/dist/apps/gateway/src/main.js:2:3\\n    at f (node:net:1:2)"}',
      `{"stack":"Error: x\\n    at ${source}\\n    at f (node:net:1:2)"}`,
    ],
  ])('%s: become those of the source', (text, expected) => {
    expect(withSources(text, mapOf)).toBe(expected);
  });

  it.each([
    ['has no map', 'at file:///app/dist/apps/policy/src/main.js:2:3'],
    ['comes from no source', 'at file:///app/dist/apps/gateway/src/main.js:1:1'],
    ['is Node’s own', 'at node:internal/process/task_queues:105:5'],
  ])('stay as they are where the code %s', (_why, text) => {
    expect(withSources(text, mapOf)).toBe(text);
  });
});
