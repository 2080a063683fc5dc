import type { Feature, JobScope } from '#libs/contract';
import { Problem, type ProblemKind } from '#libs/problem';
import type { Requirement } from './requires.decorator.js';

export class PermissionNotGranted extends Problem {
  static readonly kind: ProblemKind = {
    name: 'permission-not-granted',
    status: 403,
    title: 'The permission is not granted to you',
    meaning: 'No role of yours has the permission that this operation needs; `permission` names it.',
  };

  /** Undefined for a route that says nothing of what it needs. `advice` says what else may be the reason. */
  constructor(permission: Requirement | undefined, advice?: string) {
    const needed = permission ? `This operation needs ${permission}.` : 'This operation is open to nobody.';
    super(PermissionNotGranted.kind, {
      detail: [needed, advice].filter(Boolean).join(' '),
      members: { permission },
    });
  }
}

export class PrinterNotGranted extends Problem {
  static readonly kind: ProblemKind = {
    name: 'printer-not-granted',
    status: 403,
    title: 'The printer is not granted to you',
    meaning:
      'No role of yours with the permission names this printer. The upstream was not asked whether it exists.',
  };

  constructor() {
    super(PrinterNotGranted.kind, {
      detail: 'No role of yours with the permission names this printer.',
      target: 'printerId',
    });
  }
}

export class FeatureNotGranted extends Problem {
  static readonly kind: ProblemKind = {
    name: 'feature-not-granted',
    status: 403,
    title: 'A feature of the request is not granted to you',
    meaning:
      'The request contains `print`, `magstripe` or `smartcard` without a role that grants it together with the rest; `target` names it.',
  };

  /** Those that the role which comes closest does not grant. */
  constructor(features: readonly Feature[]) {
    super(FeatureNotGranted.kind, {
      detail: `No role of yours that covers the rest of the request grants ${features.join(' and ')}.`,
      target: features[0],
    });
  }
}

export class JobsNotGranted extends Problem {
  static readonly kind: ProblemKind = {
    name: 'jobs-not-granted',
    status: 403,
    title: 'The jobs of others are not granted to you',
    meaning:
      'This operation is about the jobs of others: it needs a role with `jobs: tenant` or `jobs: any`, as `detail` says.',
  };

  constructor(needed: JobScope) {
    super(JobsNotGranted.kind, { detail: `This operation needs a role with jobs: ${needed}.` });
  }
}

export class CopiesNotGranted extends Problem {
  static readonly kind: ProblemKind = {
    name: 'copies-not-granted',
    status: 403,
    title: 'So many copies are not granted to you',
    meaning: '`limit` is the number of copies that one request like yours may ask for.',
  };

  constructor(limit: number) {
    super(CopiesNotGranted.kind, {
      detail: `A request like this one may ask for ${limit} copies at most.`,
      target: 'printerPreferences.copies',
      members: { limit },
    });
  }
}

export class BlankCard extends Problem {
  static readonly kind: ProblemKind = {
    name: 'blank-card',
    status: 400,
    title: 'The request asks for a blank card',
    meaning:
      'The print has no image that would be printed, no track of a magnetic stripe and no command for a chip. Send one, or use a role with `allowBlank: true`.',
  };

  constructor() {
    super(BlankCard.kind, {
      detail: 'The request asks for nothing that would be on the card.',
      target: 'body',
    });
  }
}

export class KeyRequired extends Problem {
  static readonly kind: ProblemKind = {
    name: 'idempotency-key-required',
    status: 400,
    title: 'An Idempotency-Key is required',
    meaning:
      'Every role of yours that covers this print demands `Idempotency-Key`: a fresh one for each card you mean to print.',
  };

  constructor() {
    super(KeyRequired.kind, {
      detail: 'Send a fresh Idempotency-Key with each print.',
      target: 'Idempotency-Key',
    });
  }
}
