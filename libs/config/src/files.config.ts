import { Setting } from './setting.decorator.js';
import { integer } from './setting-kind.js';

export class FilesConfig {
  @Setting({
    name: 'FILE_POLL_MS',
    kind: integer(10, 3_600_000),
    default: '1000',
    meaning:
      'how often the policy, key, certificate and credentials files are looked at for a change, in milliseconds',
  })
  readonly pollMs!: number;
}
