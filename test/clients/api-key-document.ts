import { readFileSync } from 'node:fs';

/**
 * The vendor's document, where somebody has it (`VENDOR_OPENAPI`), for it is the vendor's. Otherwise the gateway's own, with the vendor's way to
 * send a token: an API key in the header `Authorization`.
 */
export function apiKeyDocument(): string {
  const vendors = process.env.VENDOR_OPENAPI;
  if (vendors !== undefined) return readFileSync(vendors, 'utf8');
  const document = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
    security?: unknown;
    paths: object;
    components: object;
  };
  const scheme = { type: 'apiKey', in: 'header', name: 'Authorization' };
  Object.assign(document.components, { securitySchemes: { AdminAPIAuthentication: scheme } });
  document.security = [{ AdminAPIAuthentication: [] }];
  document.paths = Object.fromEntries(
    Object.entries(document.paths).filter(([path]) => path.startsWith('/api/web/')),
  );
  return JSON.stringify(document);
}
