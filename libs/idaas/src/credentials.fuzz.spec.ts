import { inspect } from 'node:util';
import fc from 'fast-check';
import { CredentialsFault, readCredentials, type Credentials } from './credentials.js';
import type { IdaasConfig } from './idaas.config.js';

const SECRET = 'HUsenK-the-secret-of-the-portal-file';
const NOTHING_SET = {} as IdaasConfig;
const whole = { applicationId: 'app', hostname: 'customer.us.trustedauth.com', sharedSecret: SECRET };

/** The credentials, or what is said of them; whatever else is thrown is thrown on. */
function read(text: string): Credentials | string {
  try {
    return readCredentials(NOTHING_SET, text);
  } catch (error) {
    if (!(error instanceof CredentialsFault)) throw error;
    return `${error.message} ${inspect(error)}`;
  }
}

describe('a credentials file', () => {
  it('of any text gives credentials or says what is wrong, and never repeats what it held', () => {
    const broken = fc.tuple(fc.nat(), fc.string({ maxLength: 5 }), fc.nat(10)).map(([at, text, length]) => {
      const json = JSON.stringify(whole);
      const start = at % json.length;
      return json.slice(0, start) + text + json.slice(start + length);
    });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), broken), (text) => {
        expect(inspect(read(text), { depth: null })).not.toContain(SECRET.slice(0, 12));
      }),
    );
  });

  it('with any value in the place of one member gives credentials of texts alone', () => {
    const values = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(whole)), values, (name, value) => {
        const found = read(JSON.stringify({ ...whole, [name]: value }));
        if (typeof found === 'string') return;
        expect(found.applicationId).not.toBe('');
        expect(typeof found.applicationId).toBe('string');
      }),
    );
  });

  it('names a host and nothing else: no name, password, query or fragment gets into the address', () => {
    const hostnames = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.webUrl().map((url) => url.slice('https://'.length)),
      fc
        .tuple(
          fc.domain(),
          fc.constantFrom('/', '?', '#', '@', ':', '\\', '\n', '\t', ' ', '%2f'),
          fc.string(),
        )
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(hostnames, (hostname) => {
        const found = read(JSON.stringify({ ...whole, hostname }));
        if (typeof found === 'string') return;
        const { protocol, username, password, search, hash } = new URL(found.baseUrl);
        expect([protocol, username, password, search, hash]).toEqual(['https:', '', '', '', '']);
        expect(found.baseUrl.endsWith('/')).toBe(false);
      }),
    );
  });
});
