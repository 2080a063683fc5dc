/**
 * Names of members that hold card data (issuance-api 5.46): what a chip was told and what it answered, tracks, images. The vendor adds
 * members from version to version, so names that begin or end otherwise count too.
 */
const CARD_MEMBER =
  /smart_?card|apdu|mag_?stripe|^tracks?_?\d?(_?data)?$|^commands?$|^responses?$|^resultmatcher$|^print$|^front$|^back$|image/i;

/** A text of a JSON document; of the name of a member the colon behind it, and its value where that is empty (RFC 8259). */
const TEXT =
  /"([^"\\]*(?:\\.[^"\\]*)*)"(?:[ \t\n\r]*(:)[ \t\n\r]*(null|false|""|\[[ \t\n\r]*\]|\{[ \t\n\r]*\})?)?/g;

/** Longer texts are none for people. */
const MAX_WORDS_LENGTH = 1_000;

const IMAGE = /data:image\//i;

/**
 * An APDU, its answer or the number of a card: eight hexadecimal digits, whatever printers and programs write between the bytes. Dots and
 * slashes stand between the digits of addresses, versions and days.
 */
const HEX = /[0-9a-f](?:[^\p{L}\p{N}./]{0,3}(?:0?x)?[0-9a-f]){7}/iu;

/**
 * Digits that name a thing or a time: a UUID, its version and variant those of RFC 9562 §4, that is no piece of a longer one; a day, with
 * its time where one follows (ISO 8601).
 */
const NAMES_AND_TIMES = new RegExp(
  [
    String.raw`(?<![0-9a-z-])[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-z-])`,
    String.raw`(?<![0-9a-z-])(?:19|20)\d\d-[01]\d-[0-3]\d(?:[t ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:z|[+-]\d\d:?\d\d)?)?(?![0-9a-z-]|:[0-9a-f])`,
  ].join('|'),
  'gi',
);

/**
 * Whether an answer about a job contains card data: such an answer is kept nowhere. `json` must be valid. It is read member by member, at
 * any depth, so that no way to write a name hides it; `JSON.parse` would show only the last of two members of the same name.
 */
export function holdsCardData(json: string): boolean {
  for (const [, written = '', colon, empty] of json.matchAll(TEXT)) {
    const text = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
    const isCard = colon === undefined ? isCardText(text) : empty === undefined && CARD_MEMBER.test(text);
    if (isCard) return true;
  }
  return false;
}

/** Whether a text for people holds what a track, an APDU or its answer looks like, or is none. */
function isCardText(text: string): boolean {
  if (text.length >= MAX_WORDS_LENGTH || IMAGE.test(text)) return true;
  // Where a name or a time is taken out, what stood around it comes together: it cuts no bytes into pieces.
  return HEX.test(text) && HEX.test(text.replaceAll(NAMES_AND_TIMES, ''));
}
