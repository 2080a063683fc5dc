import { integer, Setting, text } from '#libs/config';

export class GatewayConfig {
  @Setting({ name: 'PORT', kind: integer(0, 65_535), default: '3000', meaning: 'port of the API' })
  readonly port!: number;

  @Setting({
    name: 'HOST',
    kind: text,
    default: '0.0.0.0',
    meaning: 'address the API and the management port listen on',
  })
  readonly host!: string;

  @Setting({
    name: 'MANAGEMENT_PORT',
    kind: integer(0, 65_535),
    default: '3001',
    meaning: 'port of health and readiness; not for the public',
  })
  readonly managementPort!: number;

  @Setting({
    name: 'BODY_LIMIT_BYTES',
    kind: integer(1_000, 1_000_000_000),
    default: '10485760',
    meaning: 'longer request bodies are refused with 413',
  })
  readonly bodyLimitBytes!: number;

  @Setting({
    name: 'IMAGE_MAX_SIDE_PIXELS',
    kind: integer(1, 100_000),
    default: '4096',
    meaning: 'images that are wider or higher are refused',
  })
  readonly imageMaxSidePixels!: number;
}
