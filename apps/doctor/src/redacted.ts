import type { Finding } from './finding.js';

/** Shorter ones would blot out words of the report; no secret that is one is so short. */
const MIN_LENGTH = 6;

/** The text without these secrets, however they came into it: a report is sent to others. */
export function redacted(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= MIN_LENGTH)
    .flatMap(formsOf)
    .toSorted((one, other) => other.length - one.length)
    .reduce((left, secret) => left.replaceAll(secret, '***'), text);
}

export function redactedFinding(finding: Finding, secrets: readonly string[]): Finding {
  const { message, advice } = finding;
  return {
    ...finding,
    message: redacted(message, secrets),
    ...(advice !== undefined && { advice: redacted(advice, secrets) }),
  };
}

/** What part of another one is comes behind it, or the rest of that would stay. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64];
}
