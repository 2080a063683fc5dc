import { isBlank } from './blank-card.js';
import type { BasicPrintRequest } from '../dto/basic-print-request.dto.js';

const image = { data: 'data:image/png;base64,AAAA' };
const apdu = { type: 'APDU', command: '00A4040000' };

describe('a print is blank', () => {
  it.each<[string, BasicPrintRequest]>([
    ['that contains nothing', {}],
    ['without a side', { print: {} }],
    ['without an image on its sides', { print: { front: [], back: [] } }],
    [
      'whose images only say where not to print',
      { print: { front: [{ ...image, layer: 'NON_PRINTABLE_CHIP' }] } },
    ],
    ['whose printing is off', { print: { front: [image] }, printerPreferences: { disablePrinting: 'ALL' } }],
    ['whose one side is off', { print: { back: [image] }, printerPreferences: { disablePrinting: 'BACK' } }],
    ['without a stripe', { magstripe: {} }],
    ['without a track', { magstripe: { front: {}, back: { coercivity: 'HIGH', trackType: 'IAT' } } }],
    ['with empty tracks', { magstripe: { front: { track1: '', track2: ' ' } } }],
    ['without commands', { smartcard: {} }],
    ['with empty commands', { smartcard: { commands: [{ type: 'APDU', command: '' }], multistep: false } }],
    [
      'that only says how the card is made',
      {
        billing: { segmentId: 'x' },
        hopper: 1,
        exceptionSlotMessage: 'x',
        printerPreferences: {
          copies: 2,
          topcoat: true,
          rewrite: true,
          lamination: { front: { Laminator1: 'APPLY_ONCE' } },
        },
      },
    ],
  ])('%s', (_, request) => {
    expect(isBlank(request)).toBe(true);
  });
});

describe('a print is not blank', () => {
  it.each<[string, BasicPrintRequest]>([
    ['with an image on its front', { print: { front: [image] } }],
    ['with an image on its back alone', { print: { front: [], back: [{ ...image, layer: 'UV' }] } }],
    [
      'with an image beside an area that is left free',
      { print: { front: [{ ...image, layer: 'NON_PRINTABLE_CHIP' }, image] } },
    ],
    [
      'whose other side is off',
      { print: { front: [image] }, printerPreferences: { disablePrinting: 'BACK' } },
    ],
    [
      'with disablePrinting that disables nothing',
      { print: { front: [image] }, printerPreferences: { disablePrinting: 'false' } },
    ],
    ['with a track', { magstripe: { back: { track3: '1' } } }],
    [
      'that encodes and does not print',
      { magstripe: { front: { track2: '1' } }, printerPreferences: { disablePrinting: 'ALL' } },
    ],
    ['with a command for the chip', { smartcard: { commands: [apdu] } }],
    ['whose commands are still to come', { smartcard: { multistep: true } }],
  ])('%s', (_, request) => {
    expect(isBlank(request)).toBe(false);
  });
});
