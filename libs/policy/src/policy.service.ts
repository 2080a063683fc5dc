import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { TrustedIssuers, type Principal } from '#libs/auth';
import { FileFault, FilesConfig } from '#libs/config';
import type { Grant } from './grant.js';
import { Grants } from './grants.js';
import { PolicyFaults } from './policy-faults.js';
import type { Policy } from './policy-file.js';
import { PolicySource } from './policy-source.js';
import { PolicyConfig, SAMPLE_POLICY } from './policy.config.js';

/**
 * The policy in force. A changed file, or key file it names, is taken in while running; a faulty one is refused, said in the
 * log, and the old one stays. Throws `PolicyFaults` when there is no sound policy at start.
 */
@Injectable()
export class PolicyService implements OnApplicationShutdown {
  private readonly log = new Logger('Policy');
  private readonly source: PolicySource;
  private policy: Policy;
  private grants: Grants;

  constructor(
    private readonly issuers: TrustedIssuers,
    config: PolicyConfig,
    files: FilesConfig,
  ) {
    this.source = new PolicySource(config.file, files.pollMs);
    this.policy = this.readAtStart(config);
    this.grants = new Grants(this.policy.roles);
    this.issuers.replace(this.policy.issuers);
    this.source.watch(
      (policy) => this.replace(policy),
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
    this.source.stop();
  }

  private readAtStart({ file }: PolicyConfig): Policy {
    if (file === SAMPLE_POLICY)
      this.log.warn(`POLICY_FILE is not set: the sample, ${SAMPLE_POLICY}, says who may do what`);
    try {
      return this.source.read();
    } catch (error) {
      if (error instanceof PolicyFaults) throw error.inFile(file);
      if (!(error instanceof FileFault)) throw error;
      throw new PolicyFaults([`${error.message}: set POLICY_FILE to the path of your policy`]);
    }
  }

  private replace(policy: Policy): void {
    this.policy = policy;
    this.grants = new Grants(policy.roles);
    this.issuers.replace(policy.issuers);
    this.log.log({ policyVersion: policy.version }, 'a changed policy is in force');
  }

  private refuse(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.log.error(
      { policyVersion: this.policy.version, reason },
      'a changed policy was refused; the old one stays',
    );
  }
}
