import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Place } from '#libs/jobs';
import { InvalidRequest } from '#libs/problem';
import { SecretKeys } from '#libs/secrets';

const SIGNATURE_BYTES = 32;

/** Places in a list as opaque texts, signed: only what a gateway gave out, and for the same list, is taken back. */
@Injectable()
export class Cursors {
  constructor(private readonly keys: SecretKeys) {}

  /** `list` names the list: whose, and how it is filtered. */
  async write({ createdAtMs, id }: Place, list: string): Promise<string> {
    const place = `${createdAtMs} ${id}`;
    return Buffer.concat([await this.sign(place, list), Buffer.from(place)]).toString('base64url');
  }

  /** Throws `InvalidRequest` for anything but a cursor of this list. */
  async read(cursor: string, list: string): Promise<Place> {
    const bytes = Buffer.from(cursor, 'base64url');
    const [signature, place] = [
      bytes.subarray(0, SIGNATURE_BYTES),
      bytes.subarray(SIGNATURE_BYTES).toString(),
    ];
    const isOurs =
      signature.length === SIGNATURE_BYTES && timingSafeEqual(signature, await this.sign(place, list));
    if (!isOurs)
      throw new InvalidRequest([{ path: 'cursor', message: 'must be `next` of a page of this list' }]);
    const [createdAtMs, id = ''] = place.split(' ');
    return { createdAtMs: Number(createdAtMs), id };
  }

  private async sign(place: string, list: string): Promise<Buffer> {
    return (await this.keys.keyFor('cursor')).sign(JSON.stringify([place, list]));
  }
}
