import { loadConfig } from '#libs/config';
import { proxyAddress } from './proxy-address.js';
import { ProxyConfig } from './proxy.config.js';

const proxiesOf = (environment: Record<string, string>) =>
  loadConfig([ProxyConfig], environment).get(ProxyConfig);
const through = (address: string, environment: Record<string, string>) =>
  proxiesOf(environment).proxyFor(new URL(address))?.hostname;

describe('the proxy', () => {
  const both = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:1' };

  it.each([
    ['https://a.example', both, 'secure'],
    ['http://a.example', both, 'plain'],
    ['https://a.example', { HTTP_PROXY: 'plain:1' }, 'plain'],
    ['http://a.example', { HTTPS_PROXY: 'http://secure:1' }, undefined],
    ['https://a.example', { https_proxy: 'http://secure:1' }, 'secure'],
    ['https://a.example', {}, undefined],
  ])('of %s with %j is %s', (address, environment, proxy) =>
    expect(through(address, environment)).toBe(proxy),
  );

  it.each([
    ['https://a.example', 'a.example'],
    ['https://A.example', 'a.EXAMPLE'],
    ['https://b.a.example', 'a.example'],
    ['https://b.a.example', '.a.example'],
    ['https://b.a.example', '*.a.example'],
    ['https://a.example', 'x.example, a.example'],
    ['https://a.example', 'x.example a.example:443'],
    ['https://a.example:8443', 'a.example:8443'],
    ['https://a.example', '*'],
    ['https://10.1.2.3', '10.0.0.0/8'],
    ['https://10.1.2.3', '10.1.2.3'],
    ['https://[fd00::1]', 'fd00::/8'],
    ['https://[fd00::1]', '[fd00::1]:443'],
    ['http://localhost:3000', 'localhost,127.0.0.1'],
  ])('is none for %s where NO_PROXY is %s', (address, NO_PROXY) => {
    expect(through(address, both)).toBeDefined();
    expect(through(address, { ...both, NO_PROXY })).toBeUndefined();
    expect(through(address, { ...both, no_proxy: NO_PROXY })).toBeUndefined();
  });

  it.each([
    ['https://a.example', ''],
    ['https://ba.example', 'a.example'],
    ['https://a.example', 'b.a.example'],
    ['https://a.example', 'a.example:8443'],
    ['https://11.1.2.3', '10.0.0.0/8'],
    ['https://1.10.1.2', '10.1.2'],
  ])('is one for %s where NO_PROXY is "%s"', (address, NO_PROXY) =>
    expect(through(address, { ...both, NO_PROXY })).toBeDefined(),
  );

  it('may be named with a user and a password, which nobody is shown', () => {
    const proxy = proxyAddress.parse('http://us%40er:p%3Aw@proxy.example:3128/');
    expect(proxy).toMatchObject({ protocol: 'http:', hostname: 'proxy.example', port: 3128 });
    expect(proxy?.authorization?.reveal()).toBe(`Basic ${Buffer.from('us@er:p:w').toString('base64')}`);
    expect(JSON.stringify(proxy)).not.toContain('Basic');
    expect(proxyAddress.parse('https://proxy.example')).toMatchObject({ protocol: 'https:', port: 443 });
    expect(proxyAddress.parse('[fd00::1]:3128')).toMatchObject({ hostname: 'fd00::1', port: 3128 });
  });

  it.each(['socks5://proxy:1', 'http://proxy/path', 'http://?', 'http://u%zz@proxy', 'not a proxy'])(
    'is no proxy that is known where it is called %s, and the fault does not repeat it',
    (HTTPS_PROXY) => {
      expect(() => proxiesOf({ HTTPS_PROXY })).toThrow(/HTTPS_PROXY must be the address of a proxy/);
      expect(() => proxiesOf({ HTTPS_PROXY })).not.toThrow(HTTPS_PROXY);
    },
  );
});
