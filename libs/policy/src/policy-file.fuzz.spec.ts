import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { PolicyFaults } from './policy-faults.js';
import { readPolicy, type Policy } from './policy-file.js';

const SAMPLE = readFileSync('config/policy.yaml', 'utf8');
const sampleOf = () => parse(SAMPLE) as Record<string, unknown>;

/** A policy, or every fault with where it is; whatever else is thrown is thrown on. */
function read(yaml: string): Policy | readonly string[] {
  try {
    return readPolicy(yaml, 'config');
  } catch (error) {
    if (error instanceof PolicyFaults) return error.faults;
    throw error;
  }
}

function expectPolicyOrFaults(yaml: string): void {
  const found = read(yaml);
  if (!Array.isArray(found)) return;
  expect(found.length).toBeGreaterThan(0);
  for (const fault of found as string[]) expect(fault).toMatch(/^.*: ./s);
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly name: string;
}

/** Every member of every mapping and list, however deep. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((name) => [{ holder, name }, ...placesOf(holder[name])]);
}

const anyValue = fc.oneof(
  fc.constantFrom<unknown>(null, '', '*', true, 0, -1, 1.5, 1e308, [], {}, [null], [[]], { a: {} }),
  fc.jsonValue(),
  fc.string(),
);
const nth = fc.nat();
const pick = (places: readonly Place[], index: number) => places[index % places.length] as Place;

describe('a policy file', () => {
  it('of any text is a policy or says what is wrong with it and where', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), expectPolicyOrFaults));
  });

  it('of any YAML is a policy or says what is wrong with it and where', () => {
    const yaml = fc.oneof(anyValue, fc.record({ issuers: anyValue, roles: anyValue, cors: anyValue }));
    fc.assert(fc.property(yaml, (value) => expectPolicyOrFaults(stringify(value))));
  });

  it('of any characters in the place of some of the sample is a policy or says what is wrong', () => {
    fc.assert(
      fc.property(nth, fc.nat(20), fc.string({ maxLength: 20 }), (at, length, text) => {
        const start = at % SAMPLE.length;
        expectPolicyOrFaults(SAMPLE.slice(0, start) + text + SAMPLE.slice(start + length));
      }),
    );
  });

  it.each([
    ['an alias of nothing', 'roles: [*nothing]'],
    ['an alias of nothing as a name', '? *nothing\n: 1'],
    ['an alias of itself', 'roles: &roles { viewer: *roles }'],
    ['an alias of the whole', '&all { issuers: [*all], roles: *all, cors: *all }'],
    [
      'aliases of aliases of aliases',
      [
        'a: &a [x, x]',
        ...['ab', 'bc', 'cd'].map(([of, as]) => `${as}: &${as} [${`*${of}, `.repeat(9)}]`),
      ].join('\n'),
    ],
    ['ten thousand lists in each other', `roles: ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ])('with %s says so', (_, yaml) => {
    const faults = read(yaml);
    expect(faults).toBeInstanceOf(Array);
    expectPolicyOrFaults(yaml);
    expect((faults as string[]).join().length).toBeLessThan(2_000);
  });

  it('of the sample with any one value in the place of another is a policy or says where it is wrong', () => {
    fc.assert(
      fc.property(nth, anyValue, (index, value) => {
        const sample = sampleOf();
        const { holder, name } = pick(placesOf(sample), index);
        holder[name] = value;
        expectPolicyOrFaults(stringify(sample));
      }),
    );
  });

  it('with a member that nobody knows is refused, wherever the member stands', () => {
    fc.assert(
      fc.property(nth, fc.stringMatching(/^[a-z]{1,8}$/), anyValue, (index, name, value) => {
        const sample = sampleOf();
        const { holder, name: within } = pick(placesOf(sample), index);
        const target = holder[within];
        const isMapping = typeof target === 'object' && target !== null && !Array.isArray(target);
        fc.pre(isMapping && target !== sample.roles);
        Object.assign(target, { [`x-${name}`]: value });
        expect(read(stringify(sample))).toBeInstanceOf(Array);
      }),
    );
  });

  it('without one of its permissions gives nobody more than before', () => {
    const whole = readPolicy(SAMPLE, 'config');
    fc.assert(
      fc.property(nth, (index) => {
        const sample = sampleOf();
        const permissions = placesOf(sample.roles).filter(({ holder }) => Array.isArray(holder));
        const { holder, name } = pick(permissions, index);
        (holder as unknown as unknown[]).splice(Number(name), 1);
        const less = readPolicy(stringify(sample), 'config');
        for (const [role, { permissions: left, features }] of less.roles) {
          const before = whole.roles.get(role);
          expect([...left].filter((each) => !before?.permissions.has(each))).toEqual([]);
          expect([...features].filter((each) => !before?.features.has(each))).toEqual([]);
        }
      }),
    );
  });
});
