import { readNetwork } from './network.js';

describe('a network', () => {
  it.each([
    ['192.168.1.7', '192.168.1.7', 32],
    ['10.0.0.0/8', '10.0.0.0', 8],
    ['10.0.0.0/255.0.0.0', '10.0.0.0', 8],
    ['0.0.0.0/0', '0.0.0.0', 0],
    ['::1', '::1', 128],
    ['2001:db8::/32', '2001:db8::', 32],
  ])('is read from %s', (text, address, bits) => {
    expect(readNetwork(text)).toEqual({ address, bits });
  });

  it.each([
    '',
    '1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.255.0',
    '::1/255.0.0.0',
    '::/129',
    'proxy',
  ])('is none in "%s"', (text) => expect(readNetwork(text)).toBeUndefined());
});
