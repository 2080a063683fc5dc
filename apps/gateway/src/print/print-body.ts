import { randomUUID } from 'node:crypto';
import type { BasicPrintRequest } from './dto/basic-print-request.dto.js';
import { PrintImageLayer } from './dto/image-layer.dto.js';

/**
 * The validated request as JSON, in bytes, as `JSON.stringify` would write it. Images are copied as they are instead of looked
 * at letter by letter: their check lets nothing through that JSON writes in another way (`card-image.ts`).
 */
export function printBody(request: BasicPrintRequest): Uint8Array {
  const images: string[] = [];
  // Stands for an image in the text; nobody can guess it, so nothing else reads like it.
  const mark = randomUUID();
  const text = JSON.stringify(request, function (this: unknown, name: string, value: unknown) {
    if (name !== 'data' || !(this instanceof PrintImageLayer)) return value;
    images.push(value as string);
    return mark;
  });
  return joined(text.split(mark), images);
}

/** The texts with the images between them. */
function joined(texts: readonly string[], images: readonly string[]): Uint8Array {
  const lengths = [...texts.map((text) => Buffer.byteLength(text)), ...images.map(({ length }) => length)];
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length));
  let end = 0;
  texts.forEach((text, index) => {
    end += bytes.write(text, end);
    end += bytes.write(images[index] ?? '', end, 'latin1');
  });
  return bytes;
}
