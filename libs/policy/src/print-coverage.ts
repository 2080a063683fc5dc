import type { Feature, PrinterId } from '#libs/contract';
import type { Problem } from '#libs/problem';
import {
  BlankCard,
  CopiesNotGranted,
  FeatureNotGranted,
  KeyRequired,
  PermissionNotGranted,
  PrinterNotGranted,
} from './policy.problems.js';
import { hasFeatures, hasPrinter, missingFeatures, type Role } from './role.js';

/** Of a print, all that a role must cover. */
export interface PrintInQuestion {
  readonly printerId: PrinterId;
  readonly features: readonly Feature[];
  readonly copies: number;
  /** Whether it asks for nothing that would be on the card. */
  readonly isBlank: boolean;
  readonly hasKey: boolean;
}

/** What a print lacks to be covered by a role, in the order in which a caller is told of it. */
const LACKS = ['permission', 'printer', 'feature', 'copies', 'content', 'key'] as const;

export type PrintLack = (typeof LACKS)[number];

interface Assessed {
  readonly role: Role;
  readonly lacks: readonly PrintLack[];
}

/** What keeps a role from covering this print; nothing where it covers all of it. */
export function printLacks(role: Role, print: PrintInQuestion): PrintLack[] {
  const isCovered: Record<PrintLack, boolean> = {
    permission: role.permissions.has('ISSUANCE:ADD'),
    printer: hasPrinter(role, print.printerId),
    feature: hasFeatures(role, print.features),
    copies: print.copies <= role.limits.copies,
    content: !print.isBlank || role.allowBlank,
    key: print.hasKey || !role.requiresIdempotencyKey,
  };
  return LACKS.filter((lack) => !isCovered[lack]);
}

/** The roles that cover all of a print, each by itself. Throws, when there is none, what the caller can do most about. */
export function rolesCovering(roles: readonly Role[], print: PrintInQuestion): readonly Role[] {
  const assessed = roles.map((role) => ({ role, lacks: printLacks(role, print) }));
  const covering = assessed.filter(({ lacks }) => lacks.length === 0).map(({ role }) => role);
  if (covering.length === 0) throw refusalOf(assessed, print);
  return covering;
}

/** Says what the roles that come furthest in the order of `LACKS` lack first. */
function refusalOf(assessed: readonly Assessed[], print: PrintInQuestion): Problem {
  const firstLack = ({ lacks: [first] }: Assessed) => LACKS.indexOf(first as PrintLack);
  const furthest = Math.max(0, ...assessed.map(firstLack));
  const closest = assessed.filter((each) => firstLack(each) === furthest);
  switch (LACKS[furthest]) {
    case 'printer':
      return new PrinterNotGranted();
    case 'feature':
      return new FeatureNotGranted(fewestMissing(closest, print));
    case 'copies':
      return new CopiesNotGranted(mostCopies(closest));
    case 'content':
      return new BlankCard();
    case 'key':
      return new KeyRequired();
    default:
      return new PermissionNotGranted('ISSUANCE:ADD');
  }
}

function fewestMissing(closest: readonly Assessed[], print: PrintInQuestion): Feature[] {
  const missing = closest.map(({ role }) => missingFeatures(role, print.features));
  return missing.reduce((fewest, each) => (each.length < fewest.length ? each : fewest));
}

/** Of the roles that cover the rest, where there are any; a key can be sent along. */
function mostCopies(closest: readonly Assessed[]): number {
  const coveringTheRest = closest.filter(({ lacks }) => !lacks.includes('content'));
  const deciding = coveringTheRest.length > 0 ? coveringTheRest : closest;
  return Math.max(...deciding.map(({ role }) => role.limits.copies));
}
