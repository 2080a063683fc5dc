import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { FilesConfig, WatchedFile } from '#libs/config';
import { readCredentials, readPortalFile, type Credentials } from './credentials.js';
import { IdaasConfig } from './idaas.config.js';

/**
 * The credentials in force. A changed file is taken in while running; a faulty one is refused and said.
 * Throws `CredentialsFault` when there are no sound ones at start.
 */
@Injectable()
export class CredentialsSource implements OnApplicationShutdown {
  private readonly log = new Logger('Credentials');
  private readonly listeners: (() => void)[] = [];
  private stopWatching = () => {};
  private credentials: Credentials;

  constructor(
    private readonly config: IdaasConfig,
    files: FilesConfig,
  ) {
    const path = config.credentialsFile;
    this.credentials = readCredentials(config, path === undefined ? undefined : readPortalFile(path));
    if (path !== undefined) this.watch(new WatchedFile(path, files.pollMs));
  }

  get current(): Credentials {
    return this.credentials;
  }

  /** Calls back when other credentials are in force. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  onApplicationShutdown(): void {
    this.stopWatching();
  }

  private watch(file: WatchedFile): void {
    this.stopWatching = file.onChange(
      (text) => this.replace(text),
      (error) => this.refuse(error),
    );
  }

  private replace(text: string): void {
    try {
      this.credentials = readCredentials(this.config, text);
    } catch (error) {
      return this.refuse(error);
    }
    this.log.log('changed credentials are in force');
    this.listeners.forEach((listener) => listener());
  }

  private refuse(error: unknown): void {
    const reason = error instanceof Error ? error.message : 'unknown';
    this.log.error({ reason }, 'a changed credentials file was refused; the old credentials stay');
  }
}
