import { request } from 'undici';

interface Stored {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly asked: Readonly<Record<string, string>>;
  readonly atMs: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/**
 * A private cache as RFC 9111 allows it, one for everybody who uses the browser: it keeps what is not `no-store` (§3), uses it again
 * while it is fresh (§4.2), and else asks whether it still holds (§4.3). What `Vary` names must be the same (§4.1).
 */
export class PrivateCache {
  private readonly stored = new Map<string, Stored>();

  /** `forced` takes what is stored however old it is, as Fetch's cache mode `force-cache` does. */
  async get(url: string, headers: Record<string, string>, mode?: 'forced'): Promise<Answer> {
    const stored = this.stored.get(url);
    const usable = stored && fits(stored, headers) ? stored : undefined;
    if (usable && (mode === 'forced' || isFresh(usable))) return { status: 200, text: usable.text };
    return this.ask(url, headers, usable);
  }

  private async ask(
    url: string,
    headers: Record<string, string>,
    stored: Stored | undefined,
  ): Promise<Answer> {
    const etag = stored?.headers.etag;
    const response = await request(url, { headers: { ...headers, ...(etag && { 'if-none-match': etag }) } });
    const text = await response.body.text();
    if (response.statusCode === 304 && stored) return { status: 200, text: stored.text };
    const told = textsOf(response.headers);
    if (response.statusCode === 200 && !told['cache-control']?.includes('no-store'))
      this.stored.set(url, { text, headers: told, asked: headers, atMs: Date.now() });
    return { status: response.statusCode, text };
  }
}

function textsOf(headers: object): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function fits({ headers, asked }: Stored, now: Readonly<Record<string, string>>): boolean {
  const names = (headers.vary ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return names.every((name) => asked[name] === now[name]);
}

function isFresh({ headers, atMs }: Stored): boolean {
  const control = headers['cache-control'] ?? '';
  const maxAge = Number(/max-age=(\d+)/.exec(control)?.[1] ?? 0);
  return !control.includes('no-cache') && Date.now() - atMs + 1000 * Number(headers.age ?? 0) < 1000 * maxAge;
}
