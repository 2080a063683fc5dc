import { randomUUID } from 'node:crypto';
import fc from '../../support/fuzz.js';
import { TestEnvironment, withoutQuotas } from '../../support/test-environment.js';
import { Schemas } from '../../support/schema.js';
import { base64, dataUri, jpeg, png } from '../../support/builders.js';
import { printPath } from '../../support/fixtures.js';

const images = fc.constantFrom(base64(png()), dataUri(png(2, 3)), base64(jpeg()));

/** Where the gateway is stricter than the vendor's document, and says so; and what the test's caller is granted. */
const STRICTER = {
  data: images,
  // Those that the printer has.
  hopper: fc.nat(2),
  inputHopper: fc.integer({ min: 1, max: 2 }),
  exceptionSlotMessage: fc.stringMatching(/^[ -~]{0,45}$/),
  copies: fc.integer({ min: 1, max: 1000 }),
  command: fc.oneof(
    fc.stringMatching(/^[a-fA-F0-9]{0,20}$/),
    fc.constantFrom('Connect', 'RESET', 'disconnect'),
  ),
  resultMatcher: fc.stringMatching(/^[a-fA-F0-9*]{0,20}$/),
};

/** Own names that objects have from their prototype, names of other APIs, and any. */
const strangeNames = fc.oneof(
  fc.constantFrom(
    'toString',
    'hasOwnProperty',
    'valueOf',
    'constructor',
    '__proto__',
    'prototype',
    'then',
    '',
  ),
  fc.string(),
);

type Members = Record<string, unknown>;
const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** The object itself and every one in it. */
function objectsIn(value: unknown): Members[] {
  return isMembers(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

describe('any body of a print', () => {
  let env: TestEnvironment;
  let token: string;
  beforeAll(async () => {
    // What is printed is another matter: here it is about the form of what is asked.
    env = await TestEnvironment.open({
      policy: (yaml) => withoutQuotas(yaml).replaceAll(/features: /g, 'allowBlank: true\n    features: '),
    });
    token = await env.tokenOf('anna');
  });
  afterAll(() => env.close());

  const post = async (body: string | Uint8Array) => {
    const response = await fetch(env.gatewayUrl + printPath(), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: body as string,
    });
    return { status: response.status, body: (await response.json()) as Members };
  };

  describe.each([
    ['our own document', 'openapi.json'],
    ['the vendor’s document', process.env.VENDOR_OPENAPI],
  ])('by %s', (_, file) => {
    // The vendor's document is the vendor's: it is there only where somebody has it.
    const held = file === undefined ? it.skip : it;
    const schemas = file === undefined ? undefined : new Schemas(file);
    const schema = schemas?.named('BasicPrintRequest') ?? {};
    /** A print that asks for nothing is refused, so each asks for an image. */
    const prints = (schemas?.valuesOf(schema, STRICTER) ?? fc.constant({})).map((value) => ({
      ...(value as Members),
      print: { front: [{ data: base64(png()) }], ...((value as Members).print as Members | undefined) },
    }));
    const printsWithAnImage = prints.filter(({ print }) => (print.front as unknown[]).length > 0);

    held('is printed when the document allows it', async () => {
      await fc.assert(
        fc.asyncProperty(printsWithAnImage, async (body) => {
          expect(await post(JSON.stringify(body))).toMatchObject({ status: 200 });
        }),
      );
    });

    held('is refused, and not by the upstream, when the document does not allow it', async () => {
      const changes = fc.record({
        index: fc.nat(),
        name: fc.option(strangeNames, { nil: undefined }),
        member: fc.nat(),
        value: fc.oneof(
          fc.jsonValue(),
          fc.constantFrom<unknown>('', 0, null, [], {}, [{}], 1.5, -1, 2 ** 53),
        ),
      });
      await fc.assert(
        fc.asyncProperty(
          printsWithAnImage,
          fc.array(changes, { minLength: 1, maxLength: 3 }),
          async (print, all) => {
            const body = JSON.parse(JSON.stringify(print)) as Members;
            for (const change of all) apply(change, body);
            const { status, body: answer } = await post(JSON.stringify(body));
            expect([200, 400, 403]).toContain(status);
            expect(answer.type).not.toBe('/problems/upstream-refused');
            if (status === 200) expect(schemas?.allows(schema, withoutNulls(body))).toBe(true);
          },
        ),
      );
    });
  });

  interface Change {
    readonly index: number;
    readonly name: string | undefined;
    readonly member: number;
    readonly value: unknown;
  }

  /** Puts a value in the place of another, or beside it under a name that nobody knows. */
  function apply({ index, name, member, value }: Change, body: Members): void {
    const objects = objectsIn(body);
    const object = objects[index % objects.length] as Members;
    const names = Object.keys(object);
    const chosen = name ?? names[member % Math.max(1, names.length)] ?? 'x';
    // An own member also for the names that would change the prototype; a copy, since a value could be put into itself.
    Object.defineProperty(object, chosen, {
      value: structuredClone(value),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }

  it('of bytes that JSON.parse refuses is refused, and any is answered', async () => {
    const json = JSON.stringify({ hopper: 1, print: { front: [{ data: base64(png()), layer: 'COLOR' }] } });
    const broken = fc
      .record({
        at: fc.nat(),
        length: fc.nat(6),
        text: fc.oneof(
          fc.uint8Array({ maxLength: 6 }),
          fc.constantFrom(
            ...[
              '"hopper":1,',
              '\\ud800',
              '\\u0000',
              '1e400',
              '-0',
              '01',
              '/**/',
              ',',
              '{',
              ']',
              '\ufeff',
              '\0',
            ].map((text) => Buffer.from(text)),
          ),
        ),
      })
      .map(({ at, length, text }) => {
        const bytes = Buffer.from(json);
        const start = at % bytes.length;
        return Buffer.concat([bytes.subarray(0, start), text, bytes.subarray(start + length)]);
      });
    await fc.assert(
      fc.asyncProperty(broken, async (bytes) => {
        const { status } = await post(bytes);
        expect([200, 400]).toContain(status);
        if (status === 200) expect(isJson(bytes)).toBe(true);
      }),
    );
  });
});

/** A member that is null is one that is not there. */
function withoutNulls(body: Members): unknown {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) => value ?? undefined);
}

/** RFC 8259 §8.1: UTF-8, and without a byte order mark. */
function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}
