import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.js';
import { TestIssuer } from '../support/issuer.js';
import { Program } from '../support/program.js';
import { the } from '../support/the.js';

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
  const explain = (roles: string, ...words: string[]) =>
    policy('explain', SAMPLE, '--roles', roles, ...words);

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

  it('says which role allows a request, and under which terms', () => {
    const { code, out } = explain('partner,auditor', '--operation', 'print', '--printer', the.printer);
    expect(code).toBe(0);
    expect(out).toContain('print: allowed\n  50 cards a day\n  60 requests a minute');
    expect(out).toContain('partner: allows it');
    expect(out).toContain('auditor: does not allow it\n  - does not have the permission ISSUANCE:ADD');
  });

  it.each<[string, string, string[], string, string[]]>([
    [
      'a print with too much in it',
      'partner,ghost',
      ['print', '--printer', the.otherPrinter, '--copies', '7', '--features', 'print,smartcard'],
      'print: refused with 403 printer-not-granted',
      [
        '- does not have the printer',
        '- does not grant smartcard',
        '- limits copies to 1',
        'ghost: no role of this policy',
      ],
    ],
    [
      'a blank card without a key',
      'supervisor',
      ['print', '--printer', the.printer, '--blank', '--no-key'],
      'print: refused with 400 blank-card',
      ['- does not allow a blank card', '- demands an Idempotency-Key'],
    ],
    [
      'to cancel a foreign job',
      'partner,auditor',
      ['cancel', '--job', 'other', '--printer', the.printer],
      'cancel: refused with 404 resource-not-found',
      ['- does not have the permission ISSUANCE:REMOVE', '- reaches the jobs of scope own only, not any'],
    ],
    [
      'a job that is not known',
      'supervisor',
      ['status', '--job', 'unknown'],
      'status: refused with 404 resource-not-found',
      ['- reaches the jobs of scope tenant only, not any'],
    ],
    [
      'a list of others’ jobs',
      'supervisor',
      ['list', '--scope', 'any'],
      'list: refused with 403 jobs-not-granted',
      [],
    ],
    [
      'anything without a role',
      '',
      ['counts'],
      'counts: refused with 403 permission-not-granted',
      ['The caller has no role.'],
    ],
  ])('says why each role does not allow %s', (_, roles, [operation = '', ...options], refusal, reasons) => {
    const { code, out } = explain(roles, '--operation', operation, ...options);
    expect(code).toBe(1);
    for (const text of [refusal, ...reasons]) expect(out).toContain(text);
  });

  it.each<[string, string[]]>([
    ['status', ['--job', 'own']],
    ['getPrintStatus', ['--job', 'other', '--printer', the.otherPrinter]],
    ['update', ['--job', 'unknown']],
    ['cancel', ['--job', 'tenant', '--printer', the.otherPrinter]],
    ['list', ['--scope', 'any']],
    ['unknown-prints', []],
    ['settle', ['--printer', the.otherPrinter]],
    ['printer', ['--printer', the.otherPrinter]],
    ['printers', []],
    ['counts', []],
  ])('knows %s', (operation, options) => {
    expect(explain('administrator', '--operation', operation, ...options)).toMatchObject({ code: 0 });
  });

  it.each<[string, string[], string]>([
    ['no command', [], 'name a command'],
    ['another command', ['toString'], 'there is no command toString'],
    ['check without a file', ['check'], 'check takes one file'],
    [
      'neither token nor roles',
      ['explain', SAMPLE, '--operation', 'counts'],
      'name either --token or --roles',
    ],
    ['no operation', ['explain', SAMPLE, '--roles', 'a'], 'name the --operation'],
    [
      'an unknown operation',
      ['explain', SAMPLE, '--roles', 'a', '--operation', 'fax'],
      '--operation knows print, status',
    ],
    [
      'a print without a printer',
      ['explain', SAMPLE, '--roles', 'a', '--operation', 'print'],
      'name the --printer',
    ],
    ['a job of nobody said', ['explain', SAMPLE, '--roles', 'a', '--operation', 'cancel'], 'say with --job'],
    [
      'an option that means nothing',
      ['explain', SAMPLE, '--roles', 'a', '--operation', 'counts', '--copies', '2'],
      '--copies means nothing',
    ],
    ['an unknown option', ['explain', SAMPLE, '--rules', 'a'], "Unknown option '--rules'"],
    [
      'a printer that is no id',
      ['explain', SAMPLE, '--roles', 'a', '--operation', 'printer', '--printer', 'x'],
      '--printer must be',
    ],
  ])('explains its usage for %s', (_, words, reason) => {
    const { code, error } = policy(...words);
    expect(code).toBe(2);
    expect(error).toContain(reason);
    expect(error).toContain('Usage:');
  });

  it('verifies a token as the gateway does, and says when the keys cannot be had', async () => {
    const issuer = await TestIssuer.start();
    const key = await issuer.publishKey('k');
    const trusting = file(
      'token.yaml',
      `issuers: [{ issuer: '${issuer.url}', audience: print-gateway, jwksUri: '${issuer.url}/jwks' }]\nroles: { reader: { permissions: [REPORTS:VIEW] } }\n`,
    );
    const asking = async (token: string) => {
      const program = new Program('policy', {}, [
        'explain',
        trusting,
        '--token',
        token,
        '--operation',
        'counts',
      ]);
      const code = await program.ended();
      return { code, out: await eventually(() => program.output) };
    };
    const token = await issuer.sign(key, { roles: ['reader'] });
    expect(await asking(token)).toEqual({
      code: 0,
      out: expect.stringMatching(
        /The token is verified: tess of .*\n\ncounts: allowed\n.*\n\nreader: allows it/,
      ),
    });
    const forged = `${token.slice(0, -10)}AAAAAAAAAA`;
    expect(await asking(forged)).toEqual({ code: 1, out: expect.stringContaining('401 invalid-token') });
    issuer.isAway = true;
    expect(await asking(token)).toEqual({ code: 1, out: expect.stringContaining('so it was not verified') });
    await issuer.stop();
  });
});
