/** Shorter ones would blot out words of the report; no secret that is one is so short. */
const MIN_LENGTH = 6;

/** The text without these secrets, however they came into it: a report is sent to others. */
export function redacted(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= MIN_LENGTH)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .reduce((left, secret) => left.replaceAll(secret, '***'), text);
}
