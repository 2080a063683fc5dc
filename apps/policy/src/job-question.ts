import type { Principal } from '#libs/auth';
import { identityOf, type Feature, type Identity, type Permission } from '#libs/contract';
import {
  hasPrinter,
  missingFeatures,
  reachesScope,
  scopeNeededFor,
  type JobInQuestion,
  type Role,
} from '#libs/policy';
import type { ExplainOptions } from './options.js';
import { lacksPermission, permissionRefusal, type Question } from './question.js';
import { UsageFault } from './usage.js';

/** Reading, updating, resuming or cancelling a job. Throws {@link UsageFault} without what decides about it. */
export function jobQuestion(permission: Permission) {
  return (options: ExplainOptions, caller: Principal): Question => {
    const job = jobOf(options, identityOf(caller));
    const features = options.features ?? (permission === 'ISSUANCE:EDIT' ? (['smartcard'] as const) : []);
    return {
      requirement: permission,
      refusal: (grant) => {
        const refused = permissionRefusal(grant, permission);
        if (refused !== undefined) return refused;
        if (!grant.coversJob(permission, caller, job)) return '404 resource-not-found';
        return grant.coversJob(permission, caller, job, { features }) ? undefined : '403 feature-not-granted';
      },
      lacks: (role) => [
        ...lacksPermission(role, permission),
        ...lacksJob(role, caller, job),
        ...lacksFeatures(role, features),
      ],
    };
  };
}

function jobOf({ job, printer: printerId }: ExplainOptions, caller: Identity): JobInQuestion | undefined {
  if (job === undefined) throw new UsageFault('say with --job whose the job is');
  if (job === 'unknown') return undefined;
  if (job !== 'own' && !printerId) throw new UsageFault('name the --printer on which the job was printed');
  const owners: Record<typeof job, Identity> = {
    own: caller,
    tenant: { ...caller, subject: `not ${caller.subject}` },
    other: { ...caller, issuer: `not ${caller.issuer}` },
  };
  return { owner: owners[job], printerId };
}

function lacksJob(role: Role, caller: Identity, job: JobInQuestion | undefined): string[] {
  const needed = scopeNeededFor(caller, job?.owner);
  if (needed === 'own') return [];
  return [
    ...(reachesScope(role, needed) ? [] : [`reaches the jobs of scope ${role.jobs} only, not ${needed}`]),
    ...(hasPrinter(role, job?.printerId) ? [] : [`does not have ${job ? 'the printer' : 'all printers'}`]),
  ];
}

function lacksFeatures(role: Role, features: readonly Feature[]): string[] {
  const missing = missingFeatures(role, features);
  return missing.length > 0 ? [`does not grant ${missing.join(' and ')}`] : [];
}
