import { dirname } from 'node:path';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { TrustedIssuers, type Principal } from '#libs/auth';
import { FilesConfig, WatchedFile } from '#libs/config';
import type { Grant } from './grant.js';
import { Grants } from './grants.js';
import { readPolicy, type Policy } from './policy-file.js';
import { PolicyConfig } from './policy.config.js';

/**
 * The policy in force. A changed file is taken in while running; a faulty one is refused, said in the log, and
 * the old one stays. Throws `PolicyFaults`, or the file's own error, when there is no sound policy at start.
 */
@Injectable()
export class PolicyService implements OnApplicationShutdown {
  private readonly log = new Logger('Policy');
  private readonly stopWatching: () => void;
  private policy: Policy;
  private grants: Grants;

  constructor(
    private readonly issuers: TrustedIssuers,
    private readonly config: PolicyConfig,
    files: FilesConfig,
  ) {
    const file = new WatchedFile(config.file, files.pollMs);
    this.policy = this.read(file.read());
    this.grants = new Grants(this.policy.roles);
    this.issuers.replace(this.policy.issuers);
    this.stopWatching = file.onChange(
      (text) => this.replace(text),
      (error) => this.refuse(error),
    );
  }

  get current(): Policy {
    return this.policy;
  }

  /** What this principal may do under the policy in force; worked out once per verified token and policy. */
  grantOf(principal: Principal): Grant {
    return this.grants.of(principal);
  }

  onApplicationShutdown(): void {
    this.stopWatching();
  }

  private read(text: string): Policy {
    return readPolicy(text, dirname(this.config.file));
  }

  private replace(text: string): void {
    try {
      this.policy = this.read(text);
    } catch (error) {
      return this.refuse(error);
    }
    this.grants = new Grants(this.policy.roles);
    this.issuers.replace(this.policy.issuers);
    this.log.log({ policyVersion: this.policy.version }, 'a changed policy is in force');
  }

  private refuse(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.log.error(
      { policyVersion: this.policy.version, reason },
      'a changed policy was refused; the old one stays',
    );
  }
}
