import type { PrinterId } from '#libs/contract';
import type { Grant } from './grant.js';
import { PrinterNotGranted } from './policy.problems.js';

/** A printer outside the grant is refused to print on and to read alike. Throws {@link PrinterNotGranted}. */
export function requirePrinterGranted(printerId: PrinterId, grant: Grant): void {
  if (!grant.allowsPrinter(printerId)) throw new PrinterNotGranted();
}
