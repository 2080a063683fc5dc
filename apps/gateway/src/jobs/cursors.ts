import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Place } from '#libs/jobs';
import { InvalidRequest } from '#libs/problem';
import { SecretKeys } from '#libs/secrets';

const CIPHER = 'aes-256-gcm';
const [NONCE_BYTES, TAG_BYTES] = [12, 16];

/**
 * Places in a list as sealed texts: only what a gateway gave out, and for the same list, is taken back. Nobody can read them, for a
 * place may be that of a job which was looked at and is not shown.
 */
@Injectable()
export class Cursors {
  constructor(private readonly keys: SecretKeys) {}

  /** `list` names the list: whose, and how it is filtered. */
  async write({ createdAtMs, id }: Place, list: string): Promise<string> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, await this.sealingKey(), nonce).setAAD(Buffer.from(list));
    const sealed = Buffer.concat([cipher.update(`${createdAtMs} ${id}`), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Throws `InvalidRequest` for anything but a cursor of this list. */
  async read(cursor: string, list: string): Promise<Place> {
    const [createdAtMs, id = ''] = open(
      Buffer.from(cursor, 'base64url'),
      await this.sealingKey(),
      list,
    ).split(' ');
    return { createdAtMs: Number(createdAtMs), id };
  }

  private async sealingKey(): Promise<Buffer> {
    return (await this.keys.keyFor('cursor')).sign(CIPHER);
  }
}

function open(cursor: Buffer, key: Buffer, list: string): string {
  const [nonce, tag] = [
    cursor.subarray(0, NONCE_BYTES),
    cursor.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES),
  ];
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(list)).setAuthTag(tag);
    return Buffer.concat([
      decipher.update(cursor.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString();
  } catch {
    throw new InvalidRequest([{ path: 'cursor', message: 'must be `next` of a page of this list' }]);
  }
}
