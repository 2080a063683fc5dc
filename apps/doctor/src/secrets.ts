import { Secret, type Config } from '#libs/config';
import type { Policy } from '#libs/policy';

/** A login as RFC 7617 sends it. */
const BASIC = /^Basic ([\w+/=]+)$/;

/** What was read that must not be printed. */
export class Secrets {
  private readonly known = new Set<string>();

  get all(): readonly string[] {
    return [...this.known];
  }

  add(secret: string | undefined): void {
    if (secret === undefined) return;
    this.known.add(secret);
    const login = BASIC.exec(secret)?.[1];
    if (login === undefined) return;
    const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(login, 'base64').toString()) ?? [];
    this.known.add(login);
    this.add(password);
  }

  /** Every secret among the settings, however deep in one it stands. */
  addOfSettings(config: Config): void {
    for (const [, settings] of config.entries()) this.addWithin(settings);
  }

  /** What the files hold that the policy names. */
  addOfPolicy({ issuers }: Policy): void {
    for (const { keySource, introspection } of issuers) {
      if ('secret' in keySource) this.add(Buffer.from(keySource.secret).toString());
      const client = introspection?.client;
      if (client && 'secret' in client) this.add(client.secret);
      if (client && 'privateKey' in client) this.addKey(client.privateKey);
    }
  }

  /** A line of a key is a piece of it. */
  private addKey(pem: string): void {
    const lines = pem.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('-----'));
    [pem, ...lines].forEach((each) => this.add(each));
  }

  private addWithin(value: unknown): void {
    if (value instanceof Secret) return this.add(value.reveal());
    if (typeof value !== 'object' || value === null) return;
    Object.values(value).forEach((each) => this.addWithin(each));
  }
}
