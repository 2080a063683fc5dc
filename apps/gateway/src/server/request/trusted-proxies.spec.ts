import { loadConfig } from '#libs/config';
import { HttpConfig } from '../http.config.js';
import { forwardedAddress, trustIn } from './trusted-proxies.js';

const PROXY = '10.0.0.1';

describe('the address that a request comes from', () => {
  it.each([
    ['203.0.113.9:51234', '203.0.113.9'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9:443', PROXY],
    ['[::ffff:203.0.113.9]:443', '203.0.113.9'],
    ['2001:db8::1', '2001:db8::1'],
    // Without brackets the last group is part of the address.
    ['2001:db8::1:443', '2001:db8::1:443'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
  ])('is what a trusted proxy wrote, without the port: %s', (written, address) => {
    expect(forwardedAddress(PROXY, written, trustIn('10.0.0.0/8'))).toBe(address);
  });

  it('is looked for behind trusted proxies, with or without their ports', () => {
    const written = '203.0.113.9:1, 198.51.100.7:2, [fd00::5]:3, 10.1.2.3:4';
    expect(forwardedAddress(PROXY, written, trustIn('10.0.0.0/8,fd00::/8'))).toBe('198.51.100.7');
  });

  it.each(['203.0.113.9:', '203.0.113.9:x', '203.0.113.9:123456', '[203.0.113.9', '[nobody]:1', ':80', '[]'])(
    'is the proxy’s where what it wrote is no address: %s',
    (written) => {
      expect(forwardedAddress(PROXY, written, trustIn(true))).toBe(PROXY);
    },
  );

  it.each(['fe80::1%eth0', '198.51.100.7, fe80::1%eth0'])('may be of one link: %s', (written) => {
    expect(forwardedAddress(PROXY, written, trustIn('10.0.0.0/8'))).toBe('fe80::1%eth0');
    expect(forwardedAddress('fe80::2%eth0', written, trustIn('10.0.0.0/8'))).toBe('fe80::2%eth0');
    expect(forwardedAddress('fe80::2%eth0', written, trustIn('fe80::2'))).toBe('fe80::1%eth0');
  });
});

it.each(['1', 'abc', '10.0.0', '10.0.0.0/33', '10.0.0.1,', 'loopback'])(
  'TRUST_PROXY is not taken that is no address, and it is said what is: %s',
  (TRUST_PROXY) => {
    expect(() => loadConfig([HttpConfig], { TRUST_PROXY })).toThrow(
      `such as 10.0.0.0/8,192.168.1.7 (not how many there are), not "${TRUST_PROXY}"`,
    );
  },
);
