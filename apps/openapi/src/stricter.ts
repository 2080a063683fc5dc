/** Where the gateway refuses what the vendor's document allows (issuance-api 5.46), and why. */
interface Stricter {
  /** The member of a print, `body` for all of it, or another place of a request. */
  readonly at: string;
  readonly rule: string;
  readonly reason: string;
  /** A print that the document allows, and that is refused at this member, `…` for an image; none where it takes more than a body to show. */
  readonly refused?: string;
}

const print = (members: string) => `{"print":{"front":[{"data":"\u2026"}]},${members}}`;

/** All of them. A test sends each of the prints, and holds that no bound of `openapi.json` is missing here. */
export const STRICTER: readonly Stricter[] = [
  {
    at: 'exceptionSlotMessage',
    rule: 'at most 45 characters',
    reason:
      'The document says so in words, and its own example has 57. A display shows no more, and older printers show 32.',
    refused: print('"exceptionSlotMessage":"Load the correct card stock type into the exception slot."'),
  },
  {
    at: 'hopper',
    rule: '0 or more',
    reason: '0 is the exception slot; what a negative number would be the document does not say.',
    refused: print('"hopper":-1'),
  },
  {
    at: 'print.front[].data, print.back[].data',
    rule: 'a whole JPEG or PNG image in base64, bare or as a data URI, each side within `IMAGE_MIN_SIDE_PIXELS` and `IMAGE_MAX_SIDE_PIXELS`',
    reason: 'Anything else, such as the example of the document, spoils a card.',
    refused: '{"print":{"front":[{"data":"data:image/png;ADEF31023..."}]}}',
  },
  {
    at: 'print.front, print.back',
    rule: 'at most 16 layers',
    reason: 'The document names eight kinds of layers. Each takes memory.',
    refused: `{"print":{"front":[${Array(17).fill('{"data":"\u2026"}').join()}]}}`,
  },
  {
    at: 'smartcard.commands',
    rule: 'at most 64 commands',
    reason: 'A conversation with a chip is a few commands, and more may follow in an update.',
    refused: print(`"smartcard":{"commands":[${Array(65).fill('{"type":"APDU","command":"00"}').join()}]}`),
  },
  {
    at: 'smartcard.commands[].command, smartcard.commands[].resultMatcher',
    rule: 'all of the text fits its pattern',
    reason: 'The pattern of the document holds for any text, because it may fit anywhere in it.',
    refused: print('"smartcard":{"commands":[{"type":"APDU","command":"select"}]}'),
  },
  {
    at: 'printJobId, ids in paths',
    rule: '32 to 36 hexadecimal digits and hyphens, and nothing else',
    reason: 'The pattern of the document may fit anywhere in a text, and an id becomes a part of a path.',
  },
  {
    at: 'body',
    rule: 'no members that the document does not have, but those of `allowUnknown` of the policy',
    reason: 'What is misspelt would be lost without a word, and what is unknown cannot be granted.',
    refused: print('"coupon":1'),
  },
  {
    at: 'body',
    rule: 'no member twice',
    reason:
      'Readers differ in which of the two counts (RFC 8259 \u00a74), so what was checked might not be what is printed.',
    refused: print('"hopper":1,"hopper":2'),
  },
  {
    at: 'body',
    rule: 'no text with NUL or half a surrogate pair',
    reason: 'Readers differ in what they make of it (RFC 8259 \u00a78.2).',
    refused: print('"exceptionSlotMessage":"a\\u0000b"'),
  },
  {
    at: 'body',
    rule: 'no numbers of more than 17 characters, and no more than 16 levels',
    reason: 'Digits would be lost; no request of the document is half as deep.',
    refused: print('"hopper":1.0000000000000000'),
  },
  {
    at: 'body',
    rule: 'at most `BODY_LIMIT_BYTES` long, without its images `BODY_LIMIT_WITHOUT_IMAGES_BYTES`, in UTF-8, without `Content-Encoding`',
    reason: 'Memory is shared by all callers.',
  },
  {
    at: 'body',
    rule: 'something on the card, unless the role says `allowBlank: true`',
    reason: 'An empty object is a valid print by the document, and costs a card.',
    refused: '{}',
  },
];
