import { randomUUID } from 'node:crypto';
import { LongText } from '../http/json/long-text.js';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import { PrintImageLayer } from './dto/image-layer.dto.js';

/**
 * The validated request as JSON, in pieces of bytes, as `JSON.stringify` would write it. Images are passed on as they are instead of
 * looked at letter by letter: their check lets nothing through that JSON writes in another way (`card-image.ts`).
 */
export function printBody(request: BasicPrintRequest): readonly Uint8Array[] {
  const images: (string | LongText)[] = [];
  // Stands for an image in the text; nobody can guess it, so nothing else reads like it.
  const mark = randomUUID();
  const text = JSON.stringify(request, function (this: unknown, name: string, value: unknown) {
    if (name !== 'data' || !(this instanceof PrintImageLayer)) return value;
    images.push(this.data);
    return mark;
  });
  return pieced(text.split(mark), images);
}

/** Gives back the memory in which long images came. Nobody may need the request, or what `printBody` made of it, any more. */
export function giveBackImages({ print }: BasicPrintRequest): void {
  for (const { data } of [...(print?.front ?? []), ...(print?.back ?? [])])
    if (data instanceof LongText) data.giveBack();
}

/** The texts with the images between them; what is no bytes yet becomes bytes together. */
function pieced(texts: readonly string[], images: readonly (string | LongText)[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let unwritten = '';
  texts.forEach((text, index) => {
    unwritten += text;
    const image = images[index] ?? '';
    if (image instanceof LongText) {
      pieces.push(Buffer.from(unwritten), image.bytes);
      unwritten = '';
    } else unwritten += image;
  });
  return [...pieces, Buffer.from(unwritten)];
}
