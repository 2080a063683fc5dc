import { FEATURES, type PrinterId } from '#libs/contract';
import { CopiesNotGranted, FeatureNotGranted, requirePrinterGranted, type Grant } from '#libs/policy';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import type { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';

/** Holds a print request against the grant: the printer, what the request contains, how many copies. */
export function requirePrintGranted(printerId: PrinterId, request: BasicPrintRequest, grant: Grant): void {
  requirePrinterGranted(printerId, grant);
  const missing = FEATURES.find((feature) => request[feature] !== undefined && !grant.allowsFeature(feature));
  if (missing) throw new FeatureNotGranted(missing);
  if (copiesOf(request) > grant.limits.copies) throw new CopiesNotGranted(grant.limits.copies);
}

/** An update is a conversation with a chip, nothing else. */
export function requireUpdateGranted(request: BasicPrintUpdateRequest, grant: Grant): void {
  if (request.smartcard !== undefined && !grant.allowsFeature('smartcard'))
    throw new FeatureNotGranted('smartcard');
}

/** A request that names no number prints one card. */
export function copiesOf(request: BasicPrintRequest): number {
  return request.printerPreferences?.copies ?? 1;
}
