import { integer, secret, text } from './setting-kind.js';
import { Setting } from './setting.decorator.js';
import { unknownSettings } from './unknown-settings.js';

class Sample {
  @Setting({ name: 'PORT', kind: integer(0, 9), meaning: '' }) readonly port!: number;
  @Setting({ name: 'POLICY_FILE', kind: text, meaning: '' }) readonly policy!: string;
  @Setting({ name: 'IDAAS_READ_TIMEOUT_MS', kind: integer(0, 9), meaning: '' }) readonly read!: number;
  @Setting({ name: 'IDAAS_SHARED_SECRET', kind: secret, meaning: '' }) readonly shared!: unknown;
  @Setting({ name: 'REDIS_URL', kind: secret, meaning: '' }) readonly url!: unknown;
  @Setting({ name: 'HTTP_PROXY', also: 'http_proxy', kind: secret, meaning: '' }) readonly proxy!: unknown;
  @Setting({ name: 'REDIS_KEY_PREFIX', kind: text, meaning: '' }) readonly prefix!: string;
  @Setting({ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', kind: text, meaning: '' }) readonly endpoint!: string;
}

const unknown = (name: string) => unknownSettings([Sample], { [name]: 'x' });

describe('a variable that is no setting', () => {
  it.each([
    ['IDAAS_SHARED_SECERT', 'IDAAS_SHARED_SECRET'],
    ['IDAAS_SHARED_SECRET_FILES', 'IDAAS_SHARED_SECRET_FILE'],
    ['IDAAS_READ_TIMEOUT', 'IDAAS_READ_TIMEOUT_MS'],
    ['READ_TIMEOUT_MS', 'IDAAS_READ_TIMEOUT_MS'],
    ['POLICY_FLIE', 'POLICY_FILE'],
    ['POLICYFILE', 'POLICY_FILE'],
    ['policy_file', 'POLICY_FILE'],
    ['POLICY-FILE', 'POLICY_FILE'],
    ['REDIS_URI', 'REDIS_URL'],
    ['RDIS_URL', 'REDIS_URL'],
    ['REDIS_URL_FLIE', 'REDIS_URL_FILE'],
    ['REDISURL', 'REDIS_URL'],
    ['OTEL_EXPORTER_OTLP_ENDPONT', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
  ])('%s is named with the one that was meant, %s', (name, meant) => {
    expect(unknown(name)).toEqual([`${name} (${meant} was probably meant)`]);
  });

  it.each(['IDAAS_RETRIES', 'REDIS_PASSWORD'])('%s is named because others begin like it', (name) => {
    expect(unknown(name)).toEqual([name]);
  });

  it.each([
    'PATH',
    'PWD',
    'POST',
    'SPORT',
    'NODE_ENV',
    'HOSTNAME',
    'OTEL_SERVICE_NAME',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'REDIS_SERVICE_HOST',
    'REDIS_SERVICE_PORT_HTTP',
    'REDIS_PORT',
    'REDIS_PORT_6379_TCP_ADDR',
    'POLICY_PORT',
    'IDAAS_SHARED_SECRET_FILE',
    'REDIS_URL',
  ])('%s is somebody else’s, or one, and is not named', (name) => {
    expect(unknown(name)).toEqual([]);
  });

  it.each([
    'HTTP_PROXY',
    'http_proxy',
    'HTTP_PROXY_FILE',
    'ftp_proxy',
    'ALL_PROXY',
    'npm_config_http_proxy',
    'npm_config_noproxy',
  ])('is not named where it is known to others: %s', (name) => expect(unknown(name)).toEqual([]));

  it('is not named when it is empty', () => {
    expect(unknownSettings([Sample], { REDIS_URI: '' })).toEqual([]);
  });
});
