import { jest } from '@jest/globals';
import { run } from './run.js';

const SAMPLE = 'config/policy.yaml';
/** Granted to operators by the sample, and one that is granted to supervisors only. */
const PRINTER = '0b0db90a-6091-416f-8559-2f2181e941c3';
const OTHER_PRINTER = '1c1eca1b-71a2-4270-9660-3f3292fa5005';

describe('the policy command', () => {
  afterEach(() => jest.restoreAllMocks());

  /** Runs it in this process; its exit code, and what it wrote. */
  async function policy(...words: string[]) {
    let [out, error] = ['', ''];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => (out += text as string) !== '');
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => (error += text as string) !== '');
    const code = await run(words);
    return { code, out, error };
  }
  const explain = (roles: string, ...words: string[]) =>
    policy('explain', SAMPLE, '--roles', roles, ...words);

  it('says which role allows a request, and under which terms', async () => {
    const { code, out } = await explain('partner,auditor', '--operation', 'print', '--printer', PRINTER);
    expect(code).toBe(0);
    expect(out).toContain('print: allowed\n  50 cards a day\n  60 requests a minute');
    expect(out).toContain('partner: allows it');
    expect(out).toContain('auditor: does not allow it\n  - does not have the permission ISSUANCE:ADD');
  });

  it.each<[string, string, string[], string, string[]]>([
    [
      'a print with too much in it',
      'partner,ghost',
      ['print', '--printer', OTHER_PRINTER, '--copies', '7', '--features', 'print,smartcard'],
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
      ['print', '--printer', PRINTER, '--blank', '--no-key'],
      'print: refused with 400 blank-card',
      ['- does not allow a blank card', '- demands an Idempotency-Key'],
    ],
    [
      'to cancel a foreign job',
      'partner,auditor',
      ['cancel', '--job', 'other', '--printer', PRINTER],
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
  ])(
    'says why each role does not allow %s',
    async (_, roles, [operation = '', ...options], refusal, reasons) => {
      const { code, out } = await explain(roles, '--operation', operation, ...options);
      expect(code).toBe(1);
      for (const text of [refusal, ...reasons]) expect(out).toContain(text);
    },
  );

  it.each<[string, string[]]>([
    ['status', ['--job', 'own']],
    ['getPrintStatus', ['--job', 'other', '--printer', OTHER_PRINTER]],
    ['update', ['--job', 'unknown']],
    ['cancel', ['--job', 'tenant', '--printer', OTHER_PRINTER]],
    ['list', ['--scope', 'any']],
    ['unknown-prints', []],
    ['settle', ['--printer', OTHER_PRINTER]],
    ['printer', ['--printer', OTHER_PRINTER]],
    ['printers', []],
    ['counts', []],
  ])('knows %s', async (operation, options) => {
    expect(await explain('administrator', '--operation', operation, ...options)).toMatchObject({ code: 0 });
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
  ])('explains its usage for %s', async (_, words, reason) => {
    const { code, error } = await policy(...words);
    expect(code).toBe(2);
    expect(error).toContain(reason);
    expect(error).toContain('Usage:');
  });
});
