import { PurposeKey } from '#libs/secrets';
import { fingerprintOf } from './fingerprint.js';
import { IdempotencyKey } from './idempotency-key.js';
import { submissionId, type Submission } from './submission.js';

describe('IdempotencyKey', () => {
  it.each([
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e"', '8e03978e'],
    ['"a \\"b\\" \\\\"', 'a "b" \\'],
    ['x', 'x'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('reads %s', (text, key) => {
    expect(IdempotencyKey.parse(text)).toBe(key);
  });

  it.each(['', ' ', 'two words', 'x'.repeat(256), '""', '"open', 'zürich', 'a\tb', '"a\\b"'])(
    'refuses %j',
    (text) => {
      expect(IdempotencyKey.parse(text)).toBeUndefined();
    },
  );
});

describe('a submission', () => {
  const some: Submission = {
    key: IdempotencyKey.parse('key') as IdempotencyKey,
    submitter: { issuer: 'i', subject: 's', tenant: 't' },
    operation: 'print',
    target: 'p',
    body: '{}',
    copies: 1,
    label: undefined,
    reservedAtMs: undefined,
  };

  it.each<[string, Partial<Submission>]>([
    ['key', { key: IdempotencyKey.parse('other') as IdempotencyKey }],
    ['subject', { submitter: { ...some.submitter, subject: 'x' } }],
    ['issuer', { submitter: { ...some.submitter, issuer: 'x' } }],
    ['tenant', { submitter: { ...some.submitter, tenant: undefined } }],
    ['operation', { operation: 'updatePrint' }],
    ['target', { target: 'x' }],
  ])('is another with another %s', (_, changes) => {
    expect(submissionId({ ...some, ...changes })).not.toBe(submissionId(some));
  });

  it('has a fingerprint of its body that depends on the key, and on a secret', () => {
    const of = (submission: Submission, secret = 'x') =>
      fingerprintOf(submission, new PurposeKey('id', Buffer.from(secret)));
    expect(of({ ...some, body: '{"hopper":1}' })).not.toBe(of(some));
    const key = IdempotencyKey.parse('other') as IdempotencyKey;
    expect(of({ ...some, key })).not.toBe(of(some));
    expect(of(some, 'y')).not.toBe(of(some));
    expect(submissionId({ ...some, body: '{"hopper":1}' })).toBe(submissionId(some));
  });
});
