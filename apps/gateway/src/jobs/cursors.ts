import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Place } from '#libs/jobs';
import { InvalidRequest } from '#libs/problem';
import { Store } from '#libs/store';

const KEY = 'cursors:key';
const KEY_BYTES = 32;
const TEN_YEARS_MS = 315_360_000_000;

/** Places in a list as opaque texts, signed: only what a gateway gave out, and for the same list, is taken back. */
@Injectable()
export class Cursors {
  private key: Buffer | undefined;

  constructor(private readonly store: Store) {}

  /** `list` names the list: whose, and how it is filtered. */
  async write({ createdAtMs, id }: Place, list: string): Promise<string> {
    const place = `${createdAtMs} ${id}`;
    return Buffer.concat([await this.sign(place, list), Buffer.from(place)]).toString('base64url');
  }

  /** Throws `InvalidRequest` for anything but a cursor of this list. */
  async read(cursor: string, list: string): Promise<Place> {
    const bytes = Buffer.from(cursor, 'base64url');
    const [signature, place] = [bytes.subarray(0, KEY_BYTES), bytes.subarray(KEY_BYTES).toString()];
    const isOurs = signature.length === KEY_BYTES && timingSafeEqual(signature, await this.sign(place, list));
    if (!isOurs)
      throw new InvalidRequest([{ path: 'cursor', message: 'must be `next` of a page of this list' }]);
    const [createdAtMs, id = ''] = place.split(' ');
    return { createdAtMs: Number(createdAtMs), id };
  }

  private async sign(place: string, list: string): Promise<Buffer> {
    this.key ??= await this.sharedKey();
    return createHmac('sha256', this.key)
      .update(JSON.stringify([place, list]))
      .digest();
  }

  /** The first gateway that needs one makes it; all take the same. */
  private async sharedKey(): Promise<Buffer> {
    const fresh = randomBytes(KEY_BYTES).toString('base64url');
    await this.store.setIfAbsent(KEY, fresh, TEN_YEARS_MS);
    return Buffer.from((await this.store.get(KEY)) ?? fresh, 'base64url');
  }
}
