import { integer, Setting, text, type CrossChecked } from '#libs/config';

export class GatewayConfig implements CrossChecked {
  @Setting({ name: 'PORT', kind: integer(0, 65_535), default: '3000', meaning: 'port of the API' })
  readonly port!: number;

  @Setting({
    name: 'HOST',
    kind: text,
    default: '::',
    meaning:
      'address the API and the management port listen on; `::` is every address, IPv4 and IPv6, or IPv4 alone where the machine has no other',
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
    name: 'IMAGE_MAX_SIDE_PIXELS',
    kind: integer(1, 100_000),
    default: '4096',
    meaning: 'images that are wider or higher are refused',
  })
  readonly imageMaxSidePixels!: number;

  @Setting({
    name: 'IMAGE_MIN_SIDE_PIXELS',
    kind: integer(1, 100_000),
    default: '1',
    meaning:
      'images that are narrower or lower are refused; the vendor advises 1013 × 638 for the black layer of a card',
  })
  readonly imageMinSidePixels!: number;

  /** Called with all settings of this class loaded. */
  faults(): string[] {
    return this.imageMinSidePixels > this.imageMaxSidePixels
      ? ['IMAGE_MIN_SIDE_PIXELS must not be greater than IMAGE_MAX_SIDE_PIXELS']
      : [];
  }
}
