import { freePort } from '../support/free-port.js';
import { Proxy } from '../support/proxies.js';

/** What the proxy answers when there is nobody behind it: callers handle one form of error. */
describe('the proxy that is deployed in front of the gateways', () => {
  let proxy: Proxy;
  beforeAll(async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    proxy = await Proxy.haproxy({ url: nobody, managementUrl: nobody });
  });
  afterAll(() => proxy.stop());

  it('answers with a problem when no gateway is ready', async () => {
    const response = await fetch(`http://127.0.0.1:${proxy.port}/api/web/v1/printcounts`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toMatchObject({ status: 503, code: 'no_gateway_ready' });
  });
});
