import { integer, oneOf, Setting, type SettingKind } from '#libs/config';
import { readNetwork } from '#libs/network';

const HOUR_MS = 3_600_000;

/** Fastify's `trustProxy`: nobody, everybody, or these addresses and networks. */
const proxies: SettingKind<boolean | string> = {
  expected:
    '`false`, `true`, or the addresses and networks of the proxies such as 10.0.0.0/8,192.168.1.7 (not how many there are)',
  parse(text) {
    if (text === 'false' || text === 'true') return text === 'true';
    return text.split(',').every(readNetwork) ? text : undefined;
  },
};

const origin: SettingKind<string> = {
  expected: 'an origin such as https://cards.example.com, without a path',
  parse(text) {
    const isOrigin = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
    return isOrigin && new URL(text).origin === text.replace(/\/$/, '') ? new URL(text).origin : undefined;
  },
};

export class HttpConfig {
  @Setting({
    name: 'PUBLIC_URL',
    kind: origin,
    meaning:
      'the origin that callers see; without it the gateway goes by `Host` and `X-Forwarded-*` where it names itself',
  })
  readonly publicUrl: string | undefined;

  @Setting({
    name: 'FAST_PATH',
    kind: oneOf('on', 'off'),
    default: 'on',
    meaning:
      'whether polled reads are answered without the framework; what they are answered with is the same',
  })
  readonly fastPath!: 'on' | 'off';

  @Setting({
    name: 'TRUST_PROXY',
    kind: proxies,
    default: 'false',
    meaning: 'whose `X-Forwarded-*` headers are believed',
  })
  readonly trustProxy!: boolean | string;

  @Setting({
    name: 'MAX_HEADER_BYTES',
    kind: integer(8_192, 131_072),
    default: '16384',
    meaning:
      'how long all header lines of a request may be together; longer ones are a 431. The proxies in front need as much',
  })
  readonly maxHeaderBytes!: number;

  @Setting({
    name: 'HEADERS_TIMEOUT_MS',
    kind: integer(100, HOUR_MS),
    default: '10000',
    meaning: 'how long a caller may take to send the headers of a request; 408 then',
  })
  readonly headersTimeoutMs!: number;

  @Setting({
    name: 'KEEP_ALIVE_MS',
    kind: integer(0, HOUR_MS),
    default: '72000',
    meaning: 'how long an idle connection is kept; longer than the proxy in front keeps it',
  })
  readonly keepAliveMs!: number;
}
