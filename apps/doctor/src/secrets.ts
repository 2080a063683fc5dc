import { Secret, type Config } from '#libs/config';
import { StoreConfig } from '#libs/store';

/** What was read that must not be printed. */
export class Secrets {
  private readonly known = new Set<string>();

  get all(): readonly string[] {
    return [...this.known];
  }

  add(secret: string | undefined): void {
    if (secret !== undefined) this.known.add(secret);
  }

  /** Every secret among the settings. */
  addOfSettings(config: Config): void {
    for (const [, settings] of config.entries())
      for (const value of Object.values(settings)) if (value instanceof Secret) this.add(value.reveal());
    this.add(config.get(StoreConfig).redis?.password?.reveal());
  }
}
