import { readCredentials } from './credentials.js';
import type { IdaasConfig } from './idaas.config.js';

describe('a credentials file', () => {
  it.each([
    ['customer.us.trustedauth.com', 'https://customer.us.trustedauth.com'],
    ['https://customer.us.trustedauth.com', 'https://customer.us.trustedauth.com'],
    ['HTTPS://Customer.us.trustedauth.com/', 'https://customer.us.trustedauth.com'],
    [' https://customer.us.trustedauth.com\n', 'https://customer.us.trustedauth.com'],
    ['customer.us.trustedauth.com:8443', 'https://customer.us.trustedauth.com:8443'],
    ['https://customer.us.trustedauth.com:8443/idaas/', 'https://customer.us.trustedauth.com:8443/idaas'],
    ['[::1]:8443', 'https://[::1]:8443'],
  ])('with the host name %j names the upstream %s', (hostname, address) => {
    const text = JSON.stringify({ applicationId: 'a ', hostname, sharedSecret: ' shh\n' });
    const { baseUrl, applicationId, sharedSecret } = readCredentials({} as IdaasConfig, text);
    expect([baseUrl, applicationId, sharedSecret.reveal()]).toEqual([address, 'a', 'shh']);
  });

  it.each([
    'http://customer.us.trustedauth.com',
    'ftp://customer.us.trustedauth.com',
    'https://user:pass@customer.us.trustedauth.com',
    'https://customer.us.trustedauth.com/#/login',
    'user:pass@customer.us.trustedauth.com',
    'mailto:me@example.com',
    'https://',
    '',
  ])('with the host name %j is refused', (hostname) => {
    const text = JSON.stringify({ applicationId: 'a', hostname, sharedSecret: 'shh' });
    expect(() => readCredentials({} as IdaasConfig, text)).toThrow(/^hostname /);
  });

  it.each([
    ['that is no JSON', '{"sharedSecret":"shh', 'the credentials file is not a JSON object'],
    ['without a secret', '{"applicationId":"a","hostname":"h"}', 'sharedSecret is missing'],
    [
      'with an address that is none',
      '{"applicationId":"a","hostname":"a b","sharedSecret":"shh"}',
      'hostname in the credentials file is neither a host name',
    ],
  ])('%s is refused, and nothing of it is repeated', (_, text, fault) => {
    let said = '';
    try {
      readCredentials({} as IdaasConfig, text);
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toContain(fault);
    expect(said).not.toContain('shh');
  });
});
