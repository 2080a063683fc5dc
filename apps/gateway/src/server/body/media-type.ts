import type { IncomingHttpHeaders } from 'node:http';
import { UnsupportedMediaType } from '#libs/problem';

/** Said or not (RFC 9110 §8.4.1). */
const UNENCODED = /^(?:identity)?$/i;
const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;]*))/i;

/** Throws `UnsupportedMediaType` for a body that is compressed, or is in letters other than UTF-8 (RFC 8259 §8.1). */
export function requirePlainUtf8(headers: IncomingHttpHeaders): void {
  if (!UNENCODED.test(headers['content-encoding'] ?? ''))
    throw new UnsupportedMediaType('Send the body as it is, without Content-Encoding.', {
      'accept-encoding': 'identity',
    });
  const [, quoted, bare] = CHARSET.exec(headers['content-type'] ?? '') ?? [];
  const charset = quoted ?? bare ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw new UnsupportedMediaType('Send the body in UTF-8.');
}
