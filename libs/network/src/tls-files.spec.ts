import { copyFileSync, writeFileSync } from 'node:fs';
import { Logger } from '@nestjs/common';
import { Authority, type Certified } from '../../../test/support/authority.js';
import { eventually } from '../../../test/support/eventually.js';
import { TlsFiles } from './tls-files.js';

const POLL_MS = 5;

/** Two certificates, of which the second is broken. */
function damaged(authority: Authority, end = '-----END CERTIFICATE-----\n'): string {
  const file = authority.copyOf(authority.caFile);
  writeFileSync(file, `${authority.ca}-----BEGIN CERTIFICATE-----\nMIIBQUJD\n${end}`);
  return file;
}

describe('files of certificates', () => {
  let authority: Authority;
  let one: Certified;
  let other: Certified;
  let files: TlsFiles | undefined;
  beforeAll(() => {
    Logger.overrideLogger(false);
    authority = new Authority();
    one = authority.certify();
    other = authority.certify();
  });
  afterEach(() => files?.close());
  afterAll(() => authority.dispose());

  it('that are none leave what Node trusts', () => {
    expect(new TlsFiles({}, POLL_MS).secureContext).toBeUndefined();
  });

  it.each<[string, () => ConstructorParameters<typeof TlsFiles>[0], RegExp]>([
    ['a missing file', () => ({ caFile: '/nowhere/ca.pem' }), /\/nowhere\/ca\.pem.*ENOENT/],
    ['no certificate', () => ({ caFile: one.keyFile }), /holds no certificate/],
    ['a broken authority', () => ({ caFile: damaged(authority) }), /certificate 2 of 2 cannot be read/],
    ['half an authority', () => ({ caFile: damaged(authority, '') }), /certificate 2 of 2 cannot be read/],
    [
      'the key of another',
      () => ({ ...one, keyFile: other.keyFile }),
      /the key is not that of the certificate/,
    ],
    [
      'a key that is none',
      () => ({ ...one, keyFile: one.certFile }),
      /no certificate or key that can be read/,
    ],
  ])('are refused at the start, and named: %s', (_, names, reason) => {
    expect(() => new TlsFiles(names(), POLL_MS)).toThrow(reason);
  });

  it('that change are in force as soon as they fit together', async () => {
    const names = { certFile: authority.copyOf(one.certFile), keyFile: authority.copyOf(one.keyFile) };
    files = new TlsFiles(names, POLL_MS);
    let changes = 0;
    files.onChange(() => (changes += 1));
    const before = files.secureContext;
    copyFileSync(other.certFile, names.certFile);
    await new Promise((resolve) => setTimeout(resolve, 10 * POLL_MS));
    expect(files.secureContext).toBe(before);
    copyFileSync(other.keyFile, names.keyFile);
    await eventually(() => expect(files?.secureContext).not.toBe(before));
    expect(changes).toBe(1);
    const now = files.secureContext;
    writeFileSync(names.certFile, 'no certificate');
    await new Promise((resolve) => setTimeout(resolve, 10 * POLL_MS));
    expect(files.secureContext).toBe(now);
  });
});
