import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Policy } from './policy-file.js';
import { PolicySource } from './policy-source.js';

const policy = (secretFile: string, role: string) =>
  `issuers:\n  - { issuer: 'https://a.example', audience: x, algorithms: [HS256], secretFile: ${secretFile} }\nroles:\n  ${role}: { permissions: [] }\n`;

describe('the policy file and the key files that it names', () => {
  let directory: string;
  let source: PolicySource;
  let policies: Policy[];
  let errors: unknown[];
  const write = (name: string, text: string | Buffer) => writeFileSync(join(directory, name), text);
  const secretOf = ({ issuers }: Policy) => {
    const [issuer] = issuers;
    return issuer?.keySource.kind === 'secret' ? Buffer.from(issuer.keySource.secret).toString('latin1') : '';
  };
  const until = async (done: () => boolean) => {
    for (const endsAt = Date.now() + 5_000; !done() && Date.now() < endsAt;) await delay(5);
    expect(done()).toBe(true);
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'policy-'));
    [policies, errors] = [[], []];
    write('one.key', 'a'.repeat(32));
    write('policy.yaml', policy('one.key', 'first'));
    source = new PolicySource(join(directory, 'policy.yaml'), 10);
    source.read();
    source.watch(
      (each) => policies.push(each),
      (error) => errors.push(error),
    );
  });
  afterEach(() => {
    source.stop();
    rmSync(directory, { recursive: true });
  });

  it('come in when a key file changes alone, also when it is no text', async () => {
    write('one.key', Buffer.alloc(32, 0xff));
    await until(() => policies.length === 1);
    write('one.key', Buffer.alloc(32, 0xfe));
    await until(() => policies.length === 2);
    expect(policies.map(secretOf)).toEqual(['\xff'.repeat(32), '\xfe'.repeat(32)]);
  });

  it('stay as they are while a key file is faulty, and come in when it is mended', async () => {
    write('one.key', 'short');
    await until(() => errors.length === 1);
    expect(policies).toEqual([]);
    write('one.key', 'b'.repeat(32));
    await until(() => policies.length === 1);
    expect(errors.length).toBe(1);
  });

  it('that were refused come in when the missing key file is put in place', async () => {
    write('policy.yaml', policy('two.key', 'second'));
    await until(() => errors.length === 1);
    write('two.key', 'c'.repeat(32));
    await until(() => policies.length === 1);
    expect([...(policies[0] as Policy).roles.keys()]).toEqual(['second']);
  });

  it('let the key in force change while a new policy is refused', async () => {
    write('policy.yaml', 'roles: {');
    await until(() => errors.length === 1);
    write('one.key', 'd'.repeat(32));
    await until(() => policies.length === 1);
    expect(secretOf(policies[0] as Policy)).toBe('d'.repeat(32));
    expect([...(policies[0] as Policy).roles.keys()]).toEqual(['first']);
  });

  it('are not looked at for a key that the policy does not name any more', async () => {
    write('two.key', 'e'.repeat(32));
    write('policy.yaml', policy('two.key', 'second'));
    await until(() => policies.length === 1);
    write('one.key', 'f'.repeat(32));
    write('two.key', 'g'.repeat(32));
    await until(() => policies.length === 2);
    await delay(50);
    expect(policies.length).toBe(2);
  });
});
