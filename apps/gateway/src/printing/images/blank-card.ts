import type { BasicPrintRequest } from '../dto/basic-print-request.dto.js';
import type { PrintImageLayer } from '../dto/image-layer.dto.js';
import type { MagStripe } from '../dto/magstripe.dto.js';
import type { BasicPrintRequestSmartcard } from '../dto/smartcard.dto.js';

/**
 * Whether a request puts nothing on its card: no image on a side that is printed, no track, no command for a chip and none to come
 * (`multistep`). Orientation, lamination, topcoat and the like say how a card is made, and alone still leave it blank.
 */
export function isBlank({ print, magstripe, smartcard, printerPreferences }: BasicPrintRequest): boolean {
  const disabled = printerPreferences?.disablePrinting;
  return !(
    isPrinted(print?.front, disabled, 'FRONT') ||
    isPrinted(print?.back, disabled, 'BACK') ||
    hasTrack(magstripe?.front) ||
    hasTrack(magstripe?.back) ||
    hasCommand(smartcard)
  );
}

/** `NON_PRINTABLE_…` layers say where the others must not print (issuance-api 5.46, `PrintImageLayer`). */
function isPrinted(
  layers: readonly PrintImageLayer[] = [],
  disabled: string | undefined,
  side: 'FRONT' | 'BACK',
): boolean {
  if (disabled === 'ALL' || disabled === side) return false;
  return layers.some(({ layer }) => !layer?.startsWith('NON_PRINTABLE_'));
}

function hasTrack(stripe: MagStripe | undefined): boolean {
  return [stripe?.track1, stripe?.track2, stripe?.track3].some(isText);
}

function hasCommand(smartcard: BasicPrintRequestSmartcard | undefined): boolean {
  return smartcard?.multistep === true || (smartcard?.commands ?? []).some(({ command }) => isText(command));
}

function isText(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}
