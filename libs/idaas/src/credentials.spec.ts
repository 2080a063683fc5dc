import { readCredentials } from './credentials.js';
import type { IdaasConfig } from './idaas.config.js';

describe('a credentials file', () => {
  it.each([
    ['that is no JSON', '{"sharedSecret":"shh', 'the credentials file is not a JSON object'],
    ['without a secret', '{"applicationId":"a","hostname":"h"}', 'sharedSecret is missing'],
    [
      'with an address that is none',
      '{"applicationId":"a","hostname":"a b","sharedSecret":"shh"}',
      'hostname',
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
