import { crc32 } from 'node:zlib';
import { findMarker, markerRoom } from './jpeg-marker.js';

/** Decoded in pieces of this size, into the same memory: to decode ten megabytes into fresh memory takes many times as long. */
const WINDOW_DIGITS = 65_536;
const window = markerRoom;
/** What stands in it: bytes of whom, from which place until which. */
const held = { of: undefined as object | undefined, start: 0, end: 0 };

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** What each digit stands for, in either alphabet of RFC 4648 (§4, §5). */
const VALUES = new Uint8Array(256);
for (const lastTwo of ['+/', '-_'])
  Buffer.from(DIGITS + lastTwo).forEach((digit, value) => (VALUES[digit] = value));

/** The bytes that digits of base64 stand for, of which only those are decoded that somebody looks at. */
export class Base64Bytes {
  readonly length: number;

  constructor(private readonly digits: Buffer) {
    this.length = Math.floor((digits.length * 3) / 4);
  }

  /** The byte at this place, 0 behind the end. An image may have thousands of places to look at, so each costs next to nothing. */
  at(index: number): number {
    if (index >= this.length) return 0;
    const third = index % 3;
    const digit = ((index - third) / 3) * 4 + third;
    const upper = this.valueOf(digit) << (2 + 2 * third);
    return (upper | (this.valueOf(digit + 1) >> (4 - 2 * third))) & 0xff;
  }

  uint16(index: number): number {
    return this.at(index) * 0x100 + this.at(index + 1);
  }

  uint32(index: number): number {
    return this.uint16(index) * 0x10000 + this.uint16(index + 2);
  }

  startsWith(bytes: Buffer): boolean {
    return this.length >= bytes.length && bytes.every((byte, index) => byte === this.at(index));
  }

  /** The CRC-32 of the bytes from `start` until `end`, which must not be behind the last. */
  crc32(start: number, end: number): number {
    let sum = 0;
    for (let at = start; at < end; at = Math.min(end, held.end)) {
      if (!this.isHeld(at)) this.decodeFrom(at);
      sum = crc32(window.subarray(at - held.start, Math.min(end, held.end) - held.start), sum);
    }
    return sum;
  }

  /** Where a marker of a JPEG stands (`findMarker`), at `start` or behind it; -1 where there is none. */
  markerFrom(start: number): number {
    for (let at = start; at + 1 < this.length; at = held.end - 1) {
      // It may begin with the last byte of a window, and then it is in the next.
      if (at !== start || !this.isHeld(at)) this.decodeFrom(at);
      const found = findMarker(at - held.start, held.end - held.start);
      if (found >= 0) return held.start + found;
      if (held.end === this.length) return -1;
    }
    return -1;
  }

  private isHeld(index: number): boolean {
    return held.of === this && index >= held.start && index < held.end;
  }

  /** From the group of digits on in which this byte is. */
  private decodeFrom(index: number): void {
    const group = Math.floor(index / 3);
    const digits = this.digits.toString('latin1', group * 4, group * 4 + WINDOW_DIGITS);
    const length = window.write(digits, 'base64');
    Object.assign(held, { of: this, start: group * 3, end: group * 3 + length });
  }

  private valueOf(digit: number): number {
    return VALUES[this.digits[digit] as number] as number;
  }
}
