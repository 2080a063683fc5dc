import type { PrintJob } from '#libs/idaas';

/**
 * Whose jobs are in the upstream's list. The vendor's document (issuance-api 5.46) does not say who the creator of a job is that the
 * gateway has printed: it is learnt from jobs that are known to be ours.
 */
export class OurCreators {
  private readonly creatorIds = new Set<string>();

  /** To be told of each listed job that print has returned. */
  saw({ creatorType, creatorId }: PrintJob): void {
    if (creatorType === 'API' && creatorId !== '') this.creatorIds.add(creatorId);
  }

  get areKnown(): boolean {
    return this.creatorIds.size > 0;
  }

  /** Whether it can have been made with the gateway's credentials. */
  mayBeOurs({ creatorType, creatorId }: PrintJob): boolean {
    return creatorType === 'API' && (this.creatorIds.size === 0 || this.creatorIds.has(creatorId));
  }
}
