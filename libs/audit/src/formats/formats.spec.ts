import fc from 'fast-check';
import type { AuditEvent } from '../audit-event.js';
import { cefOf } from './cef.js';
import { ocsfOf } from './ocsf.js';

const VERSION = '1.2.3';
const PRINTER = '0b0db90a-6091-416f-8559-2f2181e941c3';
const JOB = '11111111-2222-4333-8444-555555555555';
const olga = { issuer: 'https://login.example.com/', subject: 'olga', tenant: 'acme', clientId: 'demo-page' };
const print: AuditEvent = {
  at: '2026-11-26T10:20:30.456Z',
  by: olga,
  operation: 'print',
  outcome: 'done',
  printerId: PRINTER,
  printStatusId: JOB,
  copies: 3,
  requestId: 'request-1',
  clientAddress: '203.0.113.9',
  keyHash: 'hash',
};
const AT_MS = Date.parse(print.at);
/** As a consumer of JSON sees it. */
const ocsf = (event: AuditEvent) =>
  JSON.parse(JSON.stringify(ocsfOf(event, VERSION))) as Record<string, unknown>;

describe('OCSF', () => {
  it('is an API Activity that says who did what from where, to what, and how it ended', () => {
    expect(ocsf(print)).toEqual({
      activity_id: 1,
      category_uid: 6,
      class_uid: 6003,
      type_uid: 600_301,
      time: AT_MS,
      severity_id: 1,
      status_id: 1,
      status: 'Success',
      status_code: 'done',
      metadata: {
        version: '1.3.0',
        product: { name: 'IDaaS Print Gateway', vendor_name: 'Print Gateway', version: VERSION },
        log_name: 'audit',
        tenant_uid: 'acme',
      },
      actor: { user: { uid: 'olga', type_id: 1 }, idp: { uid: olga.issuer }, app_uid: 'demo-page' },
      api: { operation: 'print', service: { name: 'IDaaS Print Gateway' }, request: { uid: 'request-1' } },
      src_endpoint: { ip: '203.0.113.9' },
      resources: [
        { type: 'printer', uid: PRINTER },
        { type: 'print job', uid: JOB },
      ],
      unmapped: { channel: 'audit', copies: 3, keyHash: 'hash' },
    });
  });

  it.each([
    ['updatePrint', 'refused', 3, 2, 2],
    ['cancelPrint', 'failed', 4, 2, 3],
    ['resumePrintJob', 'replayed', 3, 1, 1],
    ['settle', 'not-printed', 3, 1, 1],
    ['settle', 'late-job', 3, 99, 4],
    ['forget', 'done', 4, 1, 1],
  ] as const)(
    '%s that is %s has its activity, status and severity',
    (operation, outcome, activity, status, severity) => {
      expect(ocsf({ ...print, operation, outcome })).toMatchObject({
        activity_id: activity,
        type_uid: 600_300 + activity,
        status_id: status,
        severity_id: severity,
      });
    },
  );

  it('has an actor and a source also where nobody called', () => {
    const { clientAddress, ...event } = print;
    for (const by of ['gateway', 'operator'] as const)
      expect(ocsf({ ...event, by })).toMatchObject({
        actor: { app_name: expect.stringContaining('IDaaS Print Gateway') },
        src_endpoint: { svc_name: 'IDaaS Print Gateway' },
      });
  });

  it('is one line, whatever its texts contain, and says them unchanged', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = JSON.stringify(
          ocsfOf({ ...print, userAgent: text, by: { ...olga, subject: text } }, VERSION),
        );
        expect(line).not.toMatch(/[\n\r]/);
        expect(JSON.parse(line)).toMatchObject({
          http_request: { user_agent: text },
          actor: { user: { uid: text } },
        });
      }),
    );
  });
});

/** As ArcSight reads it: the seven fields of the header, and the extension by its keys. */
function parseCef(line: string) {
  const fields = line.match(/(?:\\.|[^\\|])*/g)?.filter((_, at) => at % 2 === 0) ?? [];
  const [prefix, ...header] = fields.slice(0, 7).map((field) => field.replace(/\\([\\|])/g, '$1'));
  const bars = [...line.matchAll(/\\.|\|/g)].filter(([text]) => text === '|');
  const extension = line.slice((bars[6]?.index ?? 0) + 1);
  const starts = [...extension.matchAll(/(?:^| )(\w+)=/g)];
  const members = starts.map((start, at) => {
    const value = extension.slice(start.index + start[0].length, starts[at + 1]?.index);
    const unescaped = value.replace(/\\(.)/g, (_, char: string) => ({ n: '\n', r: '\r' })[char] ?? char);
    return [start[1], unescaped] as const;
  });
  return { prefix, header, extension: Object.fromEntries(members) as Record<string, string> };
}
const cef = (event: AuditEvent) => parseCef(cefOf(event, VERSION));

describe('CEF', () => {
  it('is a line of version 0 with the usual keys', () => {
    expect(cefOf(print, VERSION)).toBe(
      'CEF:0|Print Gateway|IDaaS Print Gateway|1.2.3|print.done|print done|1|' +
        `rt=${AT_MS} act=print outcome=done suser=olga src=203.0.113.9 externalId=request-1 ` +
        'cn1Label=copies cn1=3 cs1Label=issuer cs1=https://login.example.com/ cs2Label=tenant cs2=acme ' +
        `cs3Label=clientId cs3=demo-page cs4Label=printerId cs4=${PRINTER} cs5Label=printStatusId cs5=${JOB} ` +
        'cs6Label=details cs6={"keyHash":"hash"}',
    );
  });

  it('names the address by its kind', () => {
    expect(cef({ ...print, clientAddress: '2001:db8::1' }).extension).toMatchObject({
      c6a2: '2001:db8::1',
      c6a2Label: 'Source IPv6 Address',
    });
    expect(cef({ ...print, clientAddress: '2001:db8::1' }).extension).not.toHaveProperty('src');
  });

  it('says whose print was settled', () => {
    const event: AuditEvent = {
      ...print,
      operation: 'settle',
      outcome: 'late-job',
      by: 'gateway',
      submitter: olga,
    };
    expect(cef(event)).toMatchObject({
      header: ['Print Gateway', 'IDaaS Print Gateway', VERSION, 'settle.late-job', 'settle late-job', '8'],
      extension: { sproc: 'gateway', duser: 'olga' },
    });
  });

  it.each([
    ['a second event', 'x\nCEF:0|a|b|c|d|e|10|suser=anna'],
    ['another key', 'curl outcome=done suser=anna'],
    ['an escape before a key', 'x\\ suser=anna'],
    ['a bar', 'a|b\\|c'],
    ['the end of a line in other ways', 'a\r\nb\u2028c\u2029d\u0085e\u000bf\u000cg'],
    ['what steers a terminal', '\u001b[2J\u0000\u0007'],
  ])('takes %s in a text for what it is', (_, text) => {
    for (const event of [
      { ...print, userAgent: text },
      { ...print, by: { ...olga, subject: text } },
      { ...print, requestId: text, keyHash: text },
    ]) {
      const line = cefOf(event, VERSION);
      // eslint-disable-next-line no-control-regex -- these are meant
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      const { header, extension } = parseCef(line);
      expect(header).toEqual(cef(print).header);
      expect(extension.outcome).toBe('done');
      if (event.by === olga) expect(extension.suser).toBe('olga');
      expect(Object.keys(extension).filter((key) => !Object.hasOwn(cef(print).extension, key))).toEqual(
        'userAgent' in event ? ['requestClientApplication'] : [],
      );
    }
  });

  it('gives back each text that has no control characters, and is one line for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = cefOf({ ...print, userAgent: text, by: { ...olga, subject: `s${text}` } }, VERSION);
        expect(line.split(/\r|\n/)).toHaveLength(1);
        // eslint-disable-next-line no-control-regex -- these are meant
        if (/[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029]/.test(text)) return;
        expect(parseCef(line).extension).toMatchObject({ suser: `s${text}`, requestClientApplication: text });
      }),
    );
  });

  it('escapes in the header what would begin another field', () => {
    expect(cefOf(print, '1|2\\3\n').split('|suser')[0]).toContain('|1\\|2\\\\3\\\\u000a|print.done|');
  });
});
