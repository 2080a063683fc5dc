import { keyAddressFault, shownAddress } from './key-address.js';

describe('an address of keys', () => {
  it.each([
    'https://login.example/jwks',
    'https://login.example:8443/jwks?p=policy',
    'https://10.0.0.1/jwks',
    'http://localhost:4020/jwks',
    'http://LOCALHOST/jwks',
    'http://127.0.0.1/jwks',
    'http://127.1/jwks',
    'http://[::1]:80/jwks',
  ])('%s may be asked', (address) => {
    expect(keyAddressFault(address, { allowHttp: false })).toBeUndefined();
  });

  it.each([
    'http://login.example/jwks',
    'http://127.0.0.1.evil.example/jwks',
    'http://localhost.evil/jwks',
    'http://localhost./jwks',
    'http://evil.example#localhost',
    'http://evil.example\\@localhost/',
    'http://localhost@evil.example/',
    'http://[::ffff:10.0.0.1]/jwks',
    'http://0.0.0.0/jwks',
    'http://10.0.0.1/jwks',
    'https://user:password@login.example/jwks',
    'https://user@login.example/jwks',
    'file:///etc/passwd',
    'data:application/json,{"keys":[]}',
    'ftp://login.example/jwks',
    'javascript:1',
    '//login.example/jwks',
    'login.example/jwks',
    '',
  ])('%s may not', (address) => {
    expect(keyAddressFault(address, { allowHttp: false })).toEqual(expect.any(String));
  });

  it('of another machine may be on plain http where the policy says so, and nothing else is allowed by that', () => {
    expect(keyAddressFault('http://login.example/jwks', { allowHttp: true })).toBeUndefined();
    expect(keyAddressFault('file:///etc/passwd', { allowHttp: true })).toEqual(expect.any(String));
    expect(keyAddressFault('http://a:b@login.example/', { allowHttp: true })).toEqual(expect.any(String));
  });

  it('that was learnt over https is https, even on this machine', () => {
    const learntFrom = 'https://login.example';
    expect(keyAddressFault('http://localhost/jwks', { allowHttp: false, learntFrom })).toMatch(/plain http/);
    expect(keyAddressFault('https://other.example/jwks', { allowHttp: false, learntFrom })).toBeUndefined();
    const loopback = { allowHttp: false, learntFrom: 'http://localhost:4020' };
    expect(keyAddressFault('http://localhost:4020/jwks', loopback)).toBeUndefined();
  });

  it('is shown without its password and its query', () => {
    expect(shownAddress('https://user:secret@login.example/jwks?key=secret')).toBe(
      'https://login.example/jwks',
    );
  });
});
