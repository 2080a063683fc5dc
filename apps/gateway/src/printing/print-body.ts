import { RawJsonString } from '../server/body/raw-json-string.js';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';

/**
 * The validated request as JSON, in pieces of bytes, as `JSON.stringify` would write it. Long images are passed on as they are instead
 * of looked at letter by letter: their check lets nothing through that JSON writes in another way (`card-image.ts`).
 */
export function printBody(request: BasicPrintRequest): readonly Uint8Array[] {
  const text = JSON.stringify(request);
  const pieces: Uint8Array[] = [];
  let end = 0;
  for (const { image, start } of placesOf(longImagesOf(request), text)) {
    pieces.push(Buffer.from(text.slice(end, start)), image.bytes);
    end = start + image.toJSON().length;
  }
  return [...pieces, Buffer.from(text.slice(end))];
}

function longImagesOf({ print }: BasicPrintRequest): RawJsonString[] {
  const images = [...(print?.front ?? []), ...(print?.back ?? [])].map(({ data }) => data);
  return images.filter((image) => image instanceof RawJsonString);
}

/** Where each stands in the text, in that order. */
function placesOf(images: readonly RawJsonString[], text: string) {
  const places = images.map((image) => ({ image, start: text.indexOf(image.toJSON()) }));
  return places.sort((one, other) => one.start - other.start);
}
