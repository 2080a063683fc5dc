import { hash, X509Certificate } from 'node:crypto';

const MAX_LENGTH = 8_192;
/** RFC 9440 §2.1: a byte sequence of Structured Fields. */
const BYTE_SEQUENCE = /^:([A-Za-z0-9+/]+={0,2}):$/;

/**
 * The thumbprint (RFC 8705 §3.1) of a certificate as a proxy passes it on: as a byte sequence (RFC 9440), or in PEM form with percent signs,
 * as nginx writes it. Undefined where it is none.
 */
export function certificateThumbprint(header: string): string | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  try {
    const der = BYTE_SEQUENCE.exec(header)?.[1];
    const certificate = new X509Certificate(
      der === undefined ? decodeURIComponent(header) : Buffer.from(der, 'base64'),
    );
    return hash('sha256', certificate.raw, 'base64url');
  } catch {
    return undefined;
  }
}
