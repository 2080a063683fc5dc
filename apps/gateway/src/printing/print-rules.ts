import { FEATURES, type Feature, type PrinterId } from '#libs/contract';
import type { JobRecord } from '#libs/jobs';
import { FeatureNotGranted, jobsCoveredFor, type Caller, type Grant, type PrintTerms } from '#libs/policy';
import { isBlank } from './images/blank-card.js';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import type { BasicPrintUpdateRequest } from './dto/basic-print-update-request.dto.js';

interface Print {
  readonly printerId: PrinterId;
  readonly request: BasicPrintRequest;
  readonly key: string | undefined;
}

/** Holds a print against the grant: one role must cover all of it. Throws what `Grant.requirePrint` throws. */
export function requirePrintGranted({ printerId, request, key }: Print, grant: Grant): PrintTerms {
  return grant.requirePrint({
    printerId,
    features: featuresOf(request),
    copies: copiesOf(request),
    isBlank: isBlank(request),
    hasKey: key !== undefined,
  });
}

/** Of a job that the caller may update: the role that covers it must grant what the update contains, too. */
export function requireUpdateGranted(
  request: BasicPrintUpdateRequest,
  job: JobRecord | undefined,
  caller: Caller,
): void {
  const features = featuresOf(request);
  if (!jobsCoveredFor(caller, 'ISSUANCE:EDIT', { features })(job)) throw new FeatureNotGranted(features);
}

/** A request that names no number prints one card. */
export function copiesOf(request: BasicPrintRequest): number {
  return request.printerPreferences?.copies ?? 1;
}

/** What is contained must be granted, also where it is empty. */
function featuresOf(request: Partial<Record<Feature, object>>): Feature[] {
  return FEATURES.filter((feature) => request[feature] !== undefined);
}
