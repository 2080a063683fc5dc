/** The vendor's request shapes (issuance-api 5.46) as JSON Schema: what its document refuses, the emulator refuses. */

const flag = { type: 'boolean' };
const choice = (...values: string[]) => ({ type: 'string', enum: values });
const record = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
const list = (items: object) => ({ type: 'array', items });

const laminator = choice('DO_NOT_APPLY', 'APPLY_ONCE', 'APPLY_TWICE');
const laminators = record({ Laminator1: laminator, Laminator2: laminator });
const orientation = choice('PORTRAIT', 'LANDSCAPE');
const tactile = choice('true', 'false', '1', '2', '3');

const layers = list(
  record(
    {
      data: { type: 'string' },
      enhanceBlackLayer: flag,
      layer: choice(
        ...['COLOR', 'UV', 'BLACK', 'PEEL_OFF', 'NON_PRINTABLE_GENERIC', 'NON_PRINTABLE_CHIP'],
        ...['NON_PRINTABLE_MAGSTRIPE', 'NON_PRINTABLE_SIGNATURE'],
      ),
    },
    ['data'],
  ),
);

const stripe = record({
  coercivity: choice('HIGH', 'LOW'),
  track1: { type: 'string' },
  track2: { type: 'string' },
  track3: { type: 'string' },
  trackType: choice('IAT', 'AAMVA', 'NTT', 'PRINTER'),
});

const word = (name: string) => `${name}|${name.toUpperCase()}|${name.toLowerCase()}`;
const commands = list(
  record(
    {
      command: {
        type: 'string',
        pattern: `^([a-fA-F0-9]*|${['Connect', 'Disconnect', 'Reset'].map(word).join('|')})$`,
      },
      resultMatcher: { type: 'string', pattern: '^[a-fA-F0-9*]*$' },
      type: choice('APDU', 'COUPLER'),
    },
    ['command', 'type'],
  ),
);

const flags = [
  ...['backRotate180', 'frontRotate180', 'barCodesMonochrome', 'blackPixelsMonochrome', 'debow', 'rewrite'],
  ...['topcoat', 'topcoatBack', 'topcoatFront'],
];

const preferences = record({
  ...Object.fromEntries(flags.map((name) => [name, flag])),
  backOrientation: orientation,
  frontOrientation: orientation,
  copies: { type: 'integer', minimum: 1, maximum: 100_000 },
  disablePrinting: choice('false', 'ALL', 'FRONT', 'BACK'),
  inputHopper: { type: 'integer', minimum: 1, maximum: 6 },
  lamination: record({ front: laminators, back: laminators }),
  printResolution: choice('NA', 'BEST', 'STANDARD'),
  splitRibbon: choice(
    ...['false', 'YMCT_FRONT_K_BACK', 'YMC_FRONT_KT_BACK', 'K_FRONT_YMCT_BACK', 'YMC_FRONT_K_BACK'],
    ...['K_FRONT_YMC_BACK', 'K_FRONT_YMCKT_BACK', 'KT_FRONT_YMCKT_BACK', 'YMCKTT_FRONT_K_BACK'],
    ...['YMCKFT_FRONT_K_BACK', 'MTT_FRONT_K_BACK'],
  ),
  tactileBack: tactile,
  tactileFront: tactile,
});

export const authenticateBody = record(
  { applicationId: { type: 'string' }, sharedSecret: { type: 'string' }, enableWebSession: flag },
  ['applicationId', 'sharedSecret'],
);

export const printBody = record({
  billing: record({ segmentId: { type: 'string' } }),
  exceptionSlotMessage: { type: 'string', maxLength: 45 },
  hopper: { type: 'integer' },
  magstripe: record({ front: stripe, back: stripe }),
  print: record({ front: layers, back: layers }),
  printerPreferences: preferences,
  smartcard: record({ commands, multistep: flag }),
});

export const resumeBody = record({ printJobId: { type: 'string' } }, ['printJobId']);

export const updateBody = record({ smartcard: record({ commands }) });

export const searchBody = record({
  cursor: { type: ['string', 'null'] },
  limit: { type: 'integer', minimum: 1, maximum: 100 },
  orderByAttribute: record({ name: { type: 'string' }, ascending: flag }, ['name']),
  searchByAttributes: list(
    record(
      {
        name: { type: 'string' },
        operator: choice(
          ...['EQUALS', 'NOT_EQUALS', 'CONTAINS', 'NOT_CONTAINS', 'STARTS_WITH', 'ENDS_WITH'],
          ...['GREATER_THAN', 'GREATER_THAN_OR_EQUAL', 'LESS_THAN', 'LESS_THAN_OR_EQUAL'],
          ...['IN', 'IS', 'EXISTS', 'NOT_EXISTS'],
        ),
        value: { type: 'string' },
      },
      ['name', 'operator', 'value'],
    ),
  ),
});

export const idParams = (name: string) =>
  record({ [name]: { type: 'string', pattern: '^[a-fA-F0-9-]{32,36}$' } }, [name]);
