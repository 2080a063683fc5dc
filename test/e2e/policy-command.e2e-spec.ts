import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { TestIssuer } from '../support/issuer.js';
import { Program } from '../support/program.js';

const SAMPLE = 'config/policy.yaml';

describe('the policy command', () => {
  let directory: string;
  beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'policy-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  function policy(...words: string[]) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['dist/apps/policy/src/main.js', ...words],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH },
        timeout: 20_000,
      },
    );
    return { code: status, out: stdout, error: stderr };
  }
  const file = (name: string, yaml: string) => {
    const path = join(directory, name);
    writeFileSync(path, yaml);
    return path;
  };

  it('finds the sample valid', () => {
    expect(policy('check', SAMPLE)).toMatchObject({ code: 0, out: expect.stringContaining('6 role(s)') });
  });

  it('lists every fault of a file, as the gateway does at its start', () => {
    const faulty = file(
      'faulty.yaml',
      'issuers: []\nroles: { a: { permissions: [NONE], printer: 1, allowBlank: maybe } }\n',
    );
    const { code, error } = policy('check', faulty);
    expect(code).toBe(1);
    for (const path of ['issuers', 'roles.a.permissions', 'roles.a.printer', 'roles.a.allowBlank'])
      expect(error).toContain(`- ${path}`);
    expect(policy('check', join(directory, 'none.yaml'))).toMatchObject({
      code: 1,
      error: expect.stringContaining('none.yaml cannot be read (ENOENT)'),
    });
  });

  it('says which role allows a request, or why each one does not', () => {
    const explain = (...roles: string[]) =>
      policy('explain', SAMPLE, '--roles', ...roles, '--operation', 'counts');
    expect(explain('auditor')).toMatchObject({ code: 0, out: expect.stringContaining('counts: allowed') });
    expect(explain('')).toMatchObject({
      code: 1,
      out: expect.stringContaining('counts: refused with 403 permission-not-granted'),
    });
  });

  it('explains its usage for what makes no sense', () => {
    expect(policy()).toMatchObject({ code: 2, error: expect.stringMatching(/^name a command\n\nUsage:/) });
  });

  it('verifies a token as the gateway does, and says when the keys cannot be had', async () => {
    const issuer = await TestIssuer.start();
    const key = await issuer.publishKey('k');
    const trusting = file(
      'token.yaml',
      `issuers: [{ issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks', claims: { roles: [groups, scope] }, roleMapping: { Card Readers: reader } }]\nroles: { reader: { permissions: [REPORTS:VIEW] } }\n`,
    );
    const asking = async (token: string) => {
      const words = ['explain', trusting, '--token', token, '--operation', 'counts'];
      const program = new Program('policy', {}, { words });
      const code = await program.ended();
      return { code, out: await eventually(() => program.output) };
    };
    const token = await issuer.sign(key, { groups: ['Card Readers', 'Staff'] });
    expect(await asking(token)).toEqual({
      code: 0,
      out: expect.stringMatching(
        /The token is verified: tess of .*\n {2}groups is a list of 2 and gives reader \(as Card Readers\), Staff\n {2}scope is missing and gives no role\n\ncounts: allowed\n.*\n\nreader: allows it\nStaff: no role of this policy/,
      ),
    });
    const forged = `${token.slice(0, -10)}AAAAAAAAAA`;
    expect(await asking(forged)).toEqual({ code: 1, out: expect.stringContaining('401 invalid-token') });
    issuer.isAway = true;
    expect(await asking(token)).toEqual({ code: 1, out: expect.stringContaining('so it was not verified') });
    await issuer.stop();
  });
});
