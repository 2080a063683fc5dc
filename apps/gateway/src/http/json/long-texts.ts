import type { BodyMemory } from './body-memory.js';
import { LongText } from './long-text.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Shorter ones are cheaper as strings. */
const LEAST_LENGTH = 4_096;
/** A body with more texts than this has no few long ones. */
const MOST_QUOTES = 20_000;
/** The member that long texts are taken out of: images (issuance-api 5.46, `PrintImageLayer`). */
const LIFTED_MEMBER = /^"data"[ \t\r\n]*:[ \t\r\n]*$/;
const LONGEST_GAP = 100;

/** A JSON text, and what stands in it for a long text (`LongText.toJSON`), each with that text. */
export interface Lifted {
  readonly json: string;
  readonly texts: ReadonlyMap<string, LongText>;
}

/**
 * Takes the long texts of members `data` out of a JSON body, without a look at their characters. Undefined where there are
 * none, or where it cannot be done so simply: where a backslash stands anywhere, a quote may be none.
 */
export function liftLongTexts(memory: BodyMemory): Lifted | undefined {
  const { bytes } = memory;
  const quotes = bytes.includes(BACKSLASH) ? [] : quotesIn(bytes);
  if (quotes.length > MOST_QUOTES || quotes.length % 2 === 1) return undefined;
  const texts = new Map<string, LongText>();
  let json = '';
  let end = 0;
  for (let index = 2; index < quotes.length; index += 2) {
    const [nameStart, , opening, closing] = quotes.slice(index - 2, index + 2) as [
      number,
      number,
      number,
      number,
    ];
    if (closing - opening <= LEAST_LENGTH || opening - nameStart > LONGEST_GAP) continue;
    if (!LIFTED_MEMBER.test(bytes.toString('latin1', nameStart, opening))) continue;
    const text = new LongText(memory, opening + 1, closing);
    texts.set(text.toJSON(), text);
    json += bytes.toString('utf8', end, opening + 1) + text.toJSON();
    end = closing;
  }
  return texts.size === 0 ? undefined : { json: json + bytes.toString('utf8', end), texts };
}

function quotesIn(bytes: Buffer): number[] {
  const quotes: number[] = [];
  for (
    let at = bytes.indexOf(QUOTE);
    at !== -1 && quotes.length <= MOST_QUOTES;
    at = bytes.indexOf(QUOTE, at + 1)
  )
    quotes.push(at);
  return quotes;
}
