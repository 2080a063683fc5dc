import { baseUrl, FileFault, readText, Secret } from '#libs/config';
import type { IdaasConfig } from './idaas.config.js';

/** What the upstream is called with. `baseUrl` has no trailing slash. */
export interface Credentials {
  readonly baseUrl: string;
  readonly applicationId: string;
  readonly sharedSecret: Secret;
}

/** The credentials are not complete; says what is missing, never what was found. */
export class CredentialsFault extends Error {
  override readonly name = 'CredentialsFault';
}

/**
 * The credentials from the portal's file (`{applicationId, hostname, sharedSecret}`), where each setting of
 * the environment goes before what the file says. Throws {@link CredentialsFault}.
 */
export function readCredentials(config: IdaasConfig, fileText: string | undefined): Credentials {
  const file = fileText === undefined ? {} : parsePortalFile(fileText);
  return {
    baseUrl: config.baseUrl ?? hostAddress(file.hostname),
    applicationId: config.applicationId ?? needed(file.applicationId, 'applicationId'),
    sharedSecret: config.sharedSecret ?? new Secret(needed(file.sharedSecret, 'sharedSecret')),
  };
}

/** The text of the portal's file. Throws {@link CredentialsFault} when it cannot be read. */
export function readPortalFile(path: string): string {
  try {
    return readText(path);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    throw new CredentialsFault(`IDAAS_CREDENTIALS_FILE: ${error.message}`);
  }
}

function parsePortalFile(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // The text may hold the secret: neither it nor the parser's message about it is repeated.
  }
  throw new CredentialsFault('the credentials file is not a JSON object');
}

/** A scheme, and no host with its port. */
const SCHEME = /^[a-z][a-z\d+.-]*:[^\d]/i;

/** The portal writes a host name; people put the address of their browser in its place. */
function hostAddress(hostname: unknown): string {
  const host = needed(hostname, 'hostname');
  const address = baseUrl.parse(SCHEME.test(host) ? host : `https://${host}`);
  if (address?.startsWith('https://')) return address;
  throw new CredentialsFault(
    'hostname in the credentials file is neither a host name, such as customer.us.trustedauth.com, nor its https address',
  );
}

function needed(value: unknown, name: string): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (text !== '') return text;
  throw new CredentialsFault(`${name} is missing from the credentials file`);
}
