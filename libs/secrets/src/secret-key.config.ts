import { Secret, Setting, type SettingKind } from '#libs/config';

export const MIN_SECRET_BYTES = 32;

const secretKey: SettingKind<Secret> = {
  expected: `a text of at least ${MIN_SECRET_BYTES} bytes, such as openssl rand -base64 32 writes`,
  secret: true,
  // What is no UTF-8 in a file was replaced when it was read: there would be less in it than was meant.
  parse: (value) =>
    Buffer.byteLength(value) >= MIN_SECRET_BYTES && !value.includes('\uFFFD') ? new Secret(value) : undefined,
};

export class SecretKeyConfig {
  @Setting({
    name: 'SECRET_KEY',
    kind: secretKey,
    meaning:
      'the secret of this installation, the same for all its gateways, by which hashes of keys and requests and the cursors of lists are keyed; made at random and kept in Redis when left out',
  })
  readonly secretKey?: Secret;
}
