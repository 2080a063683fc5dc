import { Injectable } from '@nestjs/common';
import { AuditLog, type AuditEvent } from '#libs/audit';
import { identityOf, isSameIdentity } from '#libs/contract';
import type { AdditionalWrite, OwnerWrite } from '#libs/idempotency';
import type { JobRecord } from '#libs/jobs';
import { SecretKeys, type PurposeKey } from '#libs/secrets';
import { contentOf, copiesOf, requestedBy, type AuditedRequest } from './audited-request.js';

/** Adds the audit event of a print that is done to what is written down of its job: both stand there before it is answered, or neither. */
export type WithEvent = (ownerWrite: OwnerWrite, printStatusId: string) => OwnerWrite;

/** The audit event of an update, a cancel or a resumption. */
export interface ChangeAudit {
  /** Which job it is about, once it is known that the caller may change it. */
  concerns(job: JobRecord | undefined): void;
  /** The event that it is done, for what is written down of its key. */
  done(): AdditionalWrite;
}

/** The operations whose events are kept together with their keys. */
type Change = 'updatePrint' | 'cancelPrint' | 'resumePrintJob';

/** The audit events of prints and changes, which are kept together with their own records, in the same step of the Store. */
@Injectable()
export class PrintAudit {
  private readonly kept = new WeakSet<AuditedRequest>();
  private readonly concerned = new WeakMap<AuditedRequest, ConcernedJob>();

  constructor(
    private readonly audit: AuditLog,
    private readonly keys: SecretKeys,
  ) {}

  /** Undefined while the secret of the installation is not known. */
  get hashing(): PurposeKey | undefined {
    return this.keys.keyIfLoaded('audit');
  }

  /** Whether the event of this request is written with its print, or will be. */
  isKept(request: AuditedRequest): boolean {
    return this.kept.has(request);
  }

  /** What is known of the job that a request is about; nothing before the caller may change it. */
  jobOf(request: AuditedRequest): ConcernedJob {
    return this.concerned.get(request) ?? NO_JOB;
  }

  ofChange(request: AuditedRequest, operation: Change, printStatusId: string): ChangeAudit {
    const done = (): AdditionalWrite => {
      const event: AuditEvent = {
        ...requestedBy(request, this.hashing),
        operation,
        outcome: 'done',
        printStatusId,
        ...this.jobOf(request),
        ...contentOf(request.body),
      };
      return { writes: [this.audit.writeOf(event)], onWritten: () => void this.kept.add(request) };
    };
    return { concerns: (job) => void this.concerned.set(request, concernedJob(job, request)), done };
  }

  of(request: AuditedRequest): WithEvent {
    return (ownerWrite, printStatusId) => {
      const event = {
        ...requestedBy(request, this.hashing),
        operation: 'print',
        outcome: 'done',
        printStatusId,
        copies: copiesOf(request.body),
        ...contentOf(request.body),
      } as const;
      return {
        ...ownerWrite,
        writes: [...ownerWrite.writes, this.audit.writeOf(event)],
        onDeferred: () => {
          this.kept.add(request);
          ownerWrite.onDeferred?.();
        },
        onWritten: () => {
          this.kept.add(request);
          ownerWrite.onWritten?.();
        },
        onConflict: () => {
          // It was to be written with the job, which is another's.
          if (this.kept.delete(request)) this.audit.appendDone(event);
          ownerWrite.onConflict?.();
        },
      };
    };
  }
}

/** Of a job that is changed, what its event says. */
type ConcernedJob = Pick<AuditEvent, 'printerId' | 'owner'>;

const NO_JOB: ConcernedJob = {};

function concernedJob(job: JobRecord | undefined, { principal }: AuditedRequest): ConcernedJob {
  if (!job) return NO_JOB;
  const { owner, printerId } = job;
  const isOwn = principal !== undefined && isSameIdentity(principal, owner);
  return { printerId, owner: isOwn ? undefined : identityOf(owner) };
}
