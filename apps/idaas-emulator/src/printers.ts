import type { MessageCode } from './printer-messages.js';

/** A printer as the vendor describes it. */
export interface PrinterRecord extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** It has so many, numbered from 1. */
  readonly hoppers: number;
  readonly cardsPrinted: number;
  /** Before it must be cleaned. */
  readonly cardsRemaining: number;
  /** In percent. */
  readonly ribbonRemaining: number;
  readonly retransferRollRemaining: number;
}

/** A printer as it is when the emulator starts, and how its jobs fare. */
export interface EmulatedPrinter {
  readonly record: PrinterRecord;
  /** A printer that does not answer keeps its jobs queued; one that has something to say fails them with it. */
  readonly behaviour: 'prints' | 'silent' | { readonly fails: MessageCode };
}

const MODELS = ['CD800', 'Sigma DS1', 'Sigma DS2', 'Sigma DS3', 'Artista CR805'];
const FIRST_ID = '0b0db90a-6091-416f-8559-2f2181e941c3';

/** So many printers: the second is busy, the third does not answer, the twelfth has run out of ribbon. */
export function printersOf(count: number): readonly EmulatedPrinter[] {
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    return { record: recordOf(number), behaviour: behaviourOf(number) };
  });
}

function recordOf(number: number): PrinterRecord {
  const hex = number.toString(16).padStart(2, '0');
  return {
    id: number === 1 ? FIRST_ID : `1c1eca1b-71a2-4270-9660-3f3292fa5${hex.padStart(3, '0')}`,
    name: `Printer ${number}`,
    location: `Building ${Math.ceil(number / 4)}, floor ${((number - 1) % 4) + 1}`,
    model: MODELS[number % MODELS.length],
    status: { 2: 'BUSY', 3: 'TIMEOUT' }[number] ?? 'IDLE',
    hoppers: (number % 3) + 1,
    printerType: 'DS3',
    printerPlatform: 'DS3',
    cardsPrinted: number * 1_000,
    cardsRemaining: 500 - number,
    ribbonRemaining: number === 12 ? 0 : 87.5 - number,
    retransferRollRemaining: 60.25,
    ribbonId: `ribbon-${hex}`,
    ribbonPartNumber: '525100-001-S100',
    ribbonRegion: '100',
    serialNumber: `XC105${hex}`,
    deviceId: `6781549D433C44${hex.toUpperCase()}`,
    certificate: Buffer.from(`certificate of printer ${number}`).toString('base64'),
    firmwareVersion: 'D4-1.2-3',
    firmwareCheckedOn: '2026-01-19T13:15:27Z',
    firmwareUpdateRequestId: `123e4567-e89b-12d3-a456-5566424400${hex}`,
    scSimulator: false,
  };
}

function behaviourOf(number: number): EmulatedPrinter['behaviour'] {
  if (number === 3) return 'silent';
  return number === 12 ? { fails: 110 } : 'prints';
}
