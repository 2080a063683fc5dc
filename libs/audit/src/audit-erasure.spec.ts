import type { Identity } from '#libs/contract';
import type { AuditEvent } from './audit-event.js';
import { erasedFrom } from './audit-erasure.js';

const OLGA: Identity = { issuer: 'i', subject: 'olga', tenant: 't' };
const ANNA: Identity = { issuer: 'i', subject: 'anna', tenant: 't' };
const isOlga = ({ subject }: Identity) => subject === 'olga';
const event = (changes: Partial<AuditEvent>): AuditEvent => ({
  at: '2026-11-26T00:00:00.000Z',
  by: 'gateway',
  operation: 'settle',
  outcome: 'printed',
  ...changes,
});
const erased = (changes: Partial<AuditEvent>) => erasedFrom(JSON.stringify(event(changes)), isOlga);

it('what the person did goes as a whole', () => {
  expect(erased({ by: { ...OLGA, clientId: 'c' }, submitter: ANNA })).toEqual({
    isNamed: true,
    by: undefined,
  });
});

it('what others did about the person’s prints stays, without the person', () => {
  const { by } = erased({ by: { ...ANNA, clientId: 'c' }, submitter: OLGA, submissionId: 'of olga' }) as {
    by: string;
  };
  expect(JSON.parse(by)).toEqual(event({ by: { ...ANNA, clientId: 'c' } }));
});

it.each([
  ['of others', { by: { ...ANNA, clientId: 'olga' }, submitter: ANNA }],
  ['of nobody', {}],
])('an event %s stays as it is', (_, changes) => {
  expect(erased(changes)).toEqual({ isNamed: false });
});
