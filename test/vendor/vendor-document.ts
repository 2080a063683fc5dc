import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The vendor's OpenAPI document; it is the vendor's, so it is not part of this project. */
export function vendorDocument(): string {
  const named = process.env.VENDOR_OPENAPI;
  if (!named || !existsSync(named)) {
    throw new Error('Set VENDOR_OPENAPI to the path of the Issuance API’s OpenAPI document (version 5.46).');
  }
  return resolve(named);
}
