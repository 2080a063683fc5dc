/**
 * Names of members that hold card data (issuance-api 5.46): what a chip was told and what it answered, tracks, images. The vendor adds
 * members from version to version, so names that begin or end otherwise count too.
 */
const CARD_MEMBER =
  /smart_?card|apdu|mag_?stripe|^tracks?_?\d?(_?data)?$|^commands?$|^responses?$|^resultmatcher$|^print$|^front$|^back$|image/i;

/** A text of a JSON document; of the name of a member the colon behind it, and its value where that is empty (RFC 8259). */
const TEXT =
  /"([^"\\]*(?:\\.[^"\\]*)*)"(?:[ \t\n\r]*(:)[ \t\n\r]*(null|false|""|\[[ \t\n\r]*\]|\{[ \t\n\r]*\})?)?/g;

/** What a track, an APDU or its answer looks like in a text for people, or a text that is none. */
const CARD_TEXT = /[0-9a-f](?: ?[0-9a-f]){7,}|data:image\/|^.{1000}/is;

/**
 * Whether an answer about a job contains card data: such an answer is kept nowhere. `json` must be valid. It is read member by member, at
 * any depth, so that no way to write a name hides it; `JSON.parse` would show only the last of two members of the same name.
 */
export function holdsCardData(json: string): boolean {
  for (const [, written = '', colon, empty] of json.matchAll(TEXT)) {
    const text = written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written;
    const isCard = colon === undefined ? CARD_TEXT.test(text) : empty === undefined && CARD_MEMBER.test(text);
    if (isCard) return true;
  }
  return false;
}
