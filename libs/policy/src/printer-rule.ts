import type { PrinterId } from '#libs/contract';
import type { Grant } from './grant.js';
import { PrinterNotGranted } from './policy.problems.js';
import type { Requirement } from './requires.decorator.js';

/** A printer that no one role with the permission has is refused; where no permission is required, one that no role has. Throws {@link PrinterNotGranted}. */
export function requirePrinterGranted(
  requirement: Requirement | undefined,
  printerId: PrinterId,
  grant: Grant,
): void {
  if (!grant.coversPrinter(requirement, printerId)) throw new PrinterNotGranted();
}
