import { Injectable } from '@nestjs/common';
import { AuditLog } from '#libs/audit';
import type { Note } from '#libs/idempotency';
import { SecretKeys, type PurposeKey } from '#libs/secrets';
import { copiesOf, requestedBy, type AuditedRequest } from './audited-request.js';

/** Adds the audit event of a print that is done to what is written down of its job: both stand there before it is answered, or neither. */
export type WithEvent = (note: Note, printStatusId: string) => Note;

/** The audit events of prints, which are kept together with the print's own record, in the same step of the Store. */
@Injectable()
export class PrintAudit {
  private readonly kept = new WeakSet<AuditedRequest>();

  constructor(
    private readonly audit: AuditLog,
    private readonly keys: SecretKeys,
  ) {}

  /** Undefined while the secret of the installation is not known. */
  get hashing(): PurposeKey | undefined {
    return this.keys.keyAtHand('audit');
  }

  /** Whether the event of this request is written with its print, or will be. */
  isKept(request: AuditedRequest): boolean {
    return this.kept.has(request);
  }

  of(request: AuditedRequest): WithEvent {
    return (note, printStatusId) => {
      const event = {
        ...requestedBy(request, this.hashing),
        operation: 'print',
        outcome: 'done',
        printStatusId,
        copies: copiesOf(request.body),
      } as const;
      return {
        ...note,
        writes: [...note.writes, this.audit.writeOf(event)],
        presumed: () => {
          this.kept.add(request);
          note.presumed?.();
        },
        written: () => {
          this.kept.add(request);
          note.written?.();
        },
        refuted: () => {
          // It was to be written with the job, which is another's.
          if (this.kept.delete(request)) this.audit.appendDone(event);
          note.refuted?.();
        },
      };
    };
  }
}
