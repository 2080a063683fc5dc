import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { run } from './run.js';

type Json = Record<string, never>;

const answering = (content: object) => ({ '/p': { get: { responses: { 200: { content } } } } });

describe('the contract command', () => {
  const directory = mkdtempSync(join(tmpdir(), 'contract-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  afterEach(() => jest.restoreAllMocks());

  /** Its exit code and what it wrote, for this text of a document. */
  function contract(text: string): { code: number; out: string } {
    const file = join(directory, 'newer.json');
    writeFileSync(file, text);
    let out = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((piece) => (out += piece as string) !== '');
    jest.spyOn(process.stderr, 'write').mockImplementation((piece) => (out += piece as string) !== '');
    return { code: run([file]), out };
  }

  /** The document that is known, changed. */
  function changed(change: (schemas: Record<string, Json>, paths: Json) => void) {
    const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
      paths: Json;
      components: { schemas: Record<string, Json> };
    };
    change(document.components.schemas, document.paths);
    return contract(JSON.stringify(document));
  }
  const membersOf = (schemas: Record<string, Json>, name: string) =>
    schemas[name]?.properties as unknown as Record<string, object>;

  it('finds nothing in what is known', () => {
    expect(changed(() => {})).toMatchObject({ code: 0, out: expect.stringContaining('changes nothing') });
  });

  it.each<[string, (schemas: Record<string, Json>, paths: Json) => void, string[]]>([
    [
      'a member that may be let through',
      (schemas) => (membersOf(schemas, 'PrinterPreferences').shade = { type: 'string', enum: ['A'] }),
      ['print: request: printerPreferences.shade is new', "allowUnknown: ['printerPreferences.shade']"],
    ],
    [
      'a member within a list',
      (schemas) => (membersOf(schemas, 'PrintImageLayer').shade = { type: 'boolean' }),
      ["allowUnknown: ['print.front[].shade']", "allowUnknown: ['print.back[].shade']"],
    ],
    [
      'a member that may not',
      (schemas) => (membersOf(schemas, 'BasicPrintRequest').laser = { type: 'object' }),
      ['print: request: laser is new, of type object\n    refused until'],
    ],
    [
      'a value',
      (schemas) => (membersOf(schemas, 'PrintImageLayer').layer as { enum: string[] }).enum.push('GOLD'),
      ['print: request: print.front[].layer may be GOLD\n    refused until'],
    ],
    [
      'a bound that is tighter',
      (schemas) => ((membersOf(schemas, 'PrinterPreferences').copies as { maximum: number }).maximum = 9),
      ['printerPreferences.copies has a maximum of 9'],
    ],
    [
      'a member that is demanded, and another type',
      (schemas) => {
        Object.assign(schemas.BasicPrintRequest as object, { required: ['billing'] });
        membersOf(schemas, 'BasicPrintRequest').hopper = { type: 'string' };
      },
      ['billing must be there', 'hopper is of type string, and was of type integer'],
    ],
    [
      'a member of an answer',
      (schemas) => (membersOf(schemas, 'BasicPrintResponse').queue = { type: 'integer' }),
      ['getPrintStatus: answer: queue is new, of type integer\n    passed on as it is'],
    ],
    [
      'an operation that is gone, and one that moved',
      (_, paths) => {
        Reflect.deleteProperty(paths, '/api/web/v1/printcounts');
        const { '/api/web/v1/print/resume': resume } = paths;
        Reflect.deleteProperty(paths, '/api/web/v1/print/resume');
        Object.assign(paths, { '/api/web/v3/print/resume': resume });
      },
      ['getPrintCounts: is gone', 'resumePrintJob: is POST /api/web/v3/print/resume now'],
    ],
  ])('says what changes with %s', (_, change, said) => {
    const { code, out } = changed(change);
    expect(code).toBe(1);
    for (const text of said) expect(out).toContain(text);
  });

  it.each([
    [
      'what is looser',
      (schemas: Record<string, Json>) =>
        ((membersOf(schemas, 'PrinterPreferences').copies as { maximum: number }).maximum = 10 ** 6),
    ],
    [
      'more of a printer',
      (schemas: Record<string, Json>) => (membersOf(schemas, 'Printer').certificate = { type: 'string' }),
    ],
  ])('says nothing of %s', (_, change) => expect(changed(change).code).toBe(0));

  it.each(['', '{', '[]', 'null', '7', '{"a":1}', '{"paths":null}', '{"paths":[]}', '{"paths":"/"}'])(
    'says what is wrong with a file that is no document: %j',
    (text) => {
      expect(contract(text)).toMatchObject({
        code: 2,
        out: expect.stringMatching(/JSON|no OpenAPI document/),
      });
    },
  );

  it.each([
    ['a path', { '/p': null }, 'paths./p'],
    ['an operation', { '/p': { get: null } }, 'paths./p.get'],
    ['a parameter', { '/p': { get: { parameters: [null] } } }, 'paths./p.get.parameters.0'],
    ['a list', { '/p': { get: { parameters: {} } } }, 'paths./p.get.parameters'],
    ['the body', { '/p': { post: { requestBody: null } } }, 'paths./p.post.requestBody'],
    ['an answer', { '/p': { get: { responses: { 200: null } } } }, 'paths./p.get.responses.200'],
    ['a media type', answering({ 'a/b': null }), 'paths./p.get.responses.200.content.a/b'],
    ['a schema', answering({ 'a/b': { schema: null } }), 'content.a/b.schema'],
    ['a member', answering({ 'a/b': { schema: { properties: { n: null } } } }), 'schema.properties.n'],
    ['a reference', answering({ 'a/b': { schema: { items: { $ref: 7 } } } }), 'schema.items.$ref'],
    ['values', answering({ 'a/b': { schema: { enum: 'x' } } }), 'schema.enum'],
  ])('says where %s of a document is none', (_, paths, place) => {
    const { code, out } = contract(JSON.stringify({ paths }));
    expect(code).toBe(2);
    expect(out).toMatch(/is no OpenAPI document: paths\.\S+ must be /);
    expect(out).toContain(`${place} must be `);
  });

  it('says so of one that is nested without end', () => {
    const schema = `${'{"items":'.repeat(50_000)}{}${'}'.repeat(50_000)}`;
    expect(contract(`{"paths":{},"components":{"schemas":{"A":${schema}}}}`).code).toBe(2);
  });

  it('says where a shared schema is none', () => {
    const { code, out } = changed((schemas) => Object.assign(schemas, { Printer: null }));
    expect([code, out]).toEqual([2, expect.stringContaining('components.schemas.Printer must be ')]);
  });

  it('lets pass what it does not look at, and schemas that are true or false', () => {
    const { code, out } = changed((schemas, paths) => {
      Reflect.deleteProperty(paths, '/api/web/v1/printcounts');
      Object.assign(paths, { '/p': { 'x-owner': null, summary: null, parameters: [{ $ref: '#/p' }] } });
      Object.assign(schemas, { Anything: true });
    });
    expect([code, out]).toEqual([1, expect.stringContaining('changes 1 thing(s)')]);
  });
});
