import { readFileSync } from 'node:fs';
import { baseUrl, Secret } from '#libs/config';
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
    return readFileSync(path, 'utf8');
  } catch {
    throw new CredentialsFault(`IDAAS_CREDENTIALS_FILE names a file that cannot be read: ${path}`);
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

function hostAddress(hostname: unknown): string {
  const address = baseUrl.parse(`https://${needed(hostname, 'hostname')}`);
  if (address === undefined)
    throw new CredentialsFault('hostname in the credentials file is not a host name');
  return address;
}

function needed(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new CredentialsFault(`${name} is missing from the credentials file`);
}
