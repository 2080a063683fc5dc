import { exportsOf } from './wasm.js';

/**
 * `jpeg-marker.wat`, assembled. `indexOf` takes thirty times as long where nearly every byte is the first of a pair, and an expression ten times;
 * this does not care what the bytes are.
 */
export const MARKER_MODULE = [
  'AGFzbQEAAAABBwFgAn9/AX8DAgEABQQBAQEBBxECBm1lbW9yeQIABGZpbmQAAApnAWUCAXsBfwNAIAD9AAQBIQIgAP0ABABB/wH9D/0jIAJB',
  'AP0P/SMgAkH/Af0P/SMgAkH4Af0P/U5B0AH9D/0j/VD9UP1P/WQhAyADBEAgACADaGoPCyAAQRBqIQAgACABSQ0AC0F/Cw==',
].join('');
/** The module reads so far behind the end. */
const READ_BEHIND = 17;

const { find, memory } = exportsOf<'find'>(MARKER_MODULE);

/** Memory in which markers can be looked for. Its last bytes stay free: they are read behind the end. */
export const markerRoom: Buffer = Buffer.from(memory.buffer);

/**
 * Where a marker stands among the first `end` bytes of the room, at `from` or behind it: 255 and then neither 0, which says that it is data, nor 255,
 * which fills up, nor a restart (ITU-T T.81, B.1.1.2, B.2.1). -1 where there is none.
 */
export function findMarker(from: number, end: number): number {
  markerRoom.fill(0, end, end + READ_BEHIND);
  return find(from, end);
}
