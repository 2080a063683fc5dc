import type { Printer } from '#libs/idaas';
import type { PrinterDto } from './printer.dto.js';

/** What an end user may see of a printer; whatever else the upstream says of it stays behind. */
export function printerView(printer: Printer): PrinterDto {
  return {
    id: printer.id,
    name: printer.name,
    location: printer.location,
    model: printer.model,
    status: printer.status,
    hoppers: printer.hoppers,
    ribbonRemaining: printer.ribbonRemaining,
    retransferRollRemaining: printer.retransferRollRemaining,
    cardsRemaining: printer.cardsRemaining,
  };
}
