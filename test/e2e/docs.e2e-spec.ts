import { readFileSync } from 'node:fs';
import { TestEnvironment } from '../support/test-environment.js';

interface Operation {
  operationId: string;
  summary: string;
  responses: object;
  'x-requires': string;
}

describe('the documentation that is served', () => {
  let env: TestEnvironment;
  beforeAll(async () => (env = await TestEnvironment.open()));
  afterAll(() => env.close());

  it('is the document that is checked in, for everybody', async () => {
    const response = await env.anyone.get('/openapi.json');
    expect(response.status).toBe(200);
    expect(response.text).toBe(readFileSync('openapi.json', 'utf8'));
  });

  it('is a page that may load what it needs and nothing else', async () => {
    const page = await env.anyone.get('/docs');
    expect(page.status).toBe(200);
    expect(page.text).toContain('IDaaS Print Gateway');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const scripts = [...page.text.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(scripts.length).toBeGreaterThan(0);
    for (const path of scripts) {
      const script = await env.anyone.get(new URL(path, 'http://x/').pathname);
      expect([path, script.status]).toEqual([path, 200]);
    }
    expect(page.text).not.toMatch(/<script(?![^>]* src=)[^>]*>\s*\S/);
  });

  it('describes every operation with its success, its problems and what it requires', () => {
    const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
      security: object[];
      paths: Record<string, Record<string, Operation>>;
    };
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    expect(operations.length).toBe(13);
    expect(document.security).toEqual([{ accessToken: [] }]);
    for (const { operationId, summary, responses, 'x-requires': requires } of operations) {
      expect([operationId, summary]).toEqual([operationId, expect.stringMatching(/^[A-Z]/)]);
      expect([operationId, requires]).toEqual([
        operationId,
        expect.stringMatching(/^([A-Z]+:[A-Z]+|a known caller)$/),
      ]);
      const refusals =
        requires === 'a known caller' ? ['401', '429', '500', '503'] : ['401', '403', '429', '500', '503'];
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(refusals));
      const successes = Object.keys(responses).filter((status) => status.startsWith('2'));
      expect([operationId, successes.length]).toEqual([operationId, 1]);
    }
  });
});
