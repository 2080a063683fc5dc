import { integer, Setting } from '#libs/config';

export class BodyConfig {
  @Setting({
    name: 'BODY_LIMIT_BYTES',
    kind: integer(1_000, 1_000_000_000),
    default: '10485760',
    meaning: 'longer request bodies are refused with 413',
  })
  readonly maxBytes!: number;

  @Setting({
    name: 'BODY_LIMIT_WITHOUT_IMAGES_BYTES',
    kind: integer(1_000, 10_000_000),
    default: '65536',
    meaning: 'a body that is longer than this without its images is refused with 413',
  })
  readonly maxRemainderBytes!: number;
}
