/** What printers say when something is wrong, by the public codes of the vendor's printers. */
const MESSAGES = {
  100: 'Request not supported.',
  101: 'Job could not complete.',
  102: 'Card not in position.',
  103: 'Printer problem.',
  104: 'Critical problem.',
  105: 'Magstripe data error.',
  106: 'Magstripe data not found.',
  107: 'Magstripe read data error.',
  108: 'Magstripe read no data.',
  109: 'Ribbon problem.',
  110: 'Ribbon out or missing.',
  111: 'Card not picked.',
  112: 'Card hopper empty.',
  113: 'Close cover to continue.',
  114: 'Cover opened during job.',
  116: 'Magstripe not available.',
  117: 'Reader not available.',
  118: 'Ribbon type problem.',
  119: 'Ribbon not supported.',
  120: 'User paused the printer.',
} as const;

export type MessageCode = keyof typeof MESSAGES;

export const MESSAGE_CODES = Object.keys(MESSAGES).map(Number) as readonly MessageCode[];

/** As `statusDetails` reads: "Message 112: Card hopper empty." */
export function messageOf(code: MessageCode): string {
  return `Message ${code}: ${MESSAGES[code]}`;
}
