import type { OpenAPIObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const text = (description?: string) => ({ type: 'string' as const, ...(description && { description }) });
const orNull = <T extends object>(schema: T) => ({ ...schema, nullable: true });
const integer = { type: 'integer' as const };
const time = { type: 'string' as const, format: 'date-time' };
const list = (items: object) => ({ type: 'array' as const, items });
const record = (properties: object, required: string[] = []) =>
  ({ type: 'object', properties, ...(required.length > 0 && { required }) }) as const;

const PERMISSIONS = [
  'ISSUANCE:ADD',
  'ISSUANCE:VIEW',
  'ISSUANCE:EDIT',
  'ISSUANCE:REMOVE',
  'PRINTERS:VIEW',
  'REPORTS:VIEW',
];

/** What the gateway answers with. Those of the vendor's operations have the vendor's names (issuance-api 5.46). */
export const ANSWERS = {
  PrintOperationResponse: record({ printStatus: ref('ResourceIdResponse') }),
  ResourceIdResponse: record({
    id: text('The id of the print job.'),
    link: text('The path of its status, at the gateway.'),
  }),
  ResumePrintJobApiResponse: record({ printJobId: text('The id of the print job.') }),
  BasicPrintResponse: record({
    status: text(
      'QUEUED, WAITING_SMARTCARD, IN_PROGRESS, COMPLETED, FAILED, CANCELLED, UNKNOWN, AWAITING_PRINT, or one that is newer than this document.',
    ),
    statusDetails: text('In the words of the printer.'),
    createdOn: time,
    updatedOn: time,
    data: ref('BasicPrintResponseData'),
  }),
  BasicPrintResponseData: record({
    copiesRemaining: integer,
    smartcardResponses: list(record({ response: text('Hexadecimal, as the chip answered.') })),
  }),
  PrintCountResponse: record({ counts: list(ref('PrintCount')) }),
  PrintCount: record({ name: text(), count: { ...integer, format: 'int64' } }),
  Printer: record(
    {
      ...{ id: text(), name: text(), location: text(), model: text(), status: text(), hoppers: integer },
      ...{
        ribbonRemaining: { type: 'number' },
        retransferRollRemaining: { type: 'number' },
        cardsRemaining: integer,
      },
    },
    ['id'],
  ),
  Me: record({
    ...{ issuer: text(), subject: text(), tenant: orNull(text()), roles: list(text()) },
    permissions: {
      ...list({ ...text(), enum: PERMISSIONS }),
      description: 'Of all roles together: which operations may succeed at all.',
    },
    statements: {
      ...list(ref('Statement')),
      description: 'One for each role. A request is allowed if one of them covers all of it.',
    },
    cardsToday: orNull(record({ used: orNull(integer), resetsAt: orNull(time) }, ['used', 'resetsAt'])),
    warnings: list(text('Why fewer roles may be known than the caller has, and what to do about it.')),
  }),
  Statement: record({
    role: text(),
    permissions: list({ ...text(), enum: PERMISSIONS }),
    printers: {
      oneOf: [{ ...text(), enum: ['*'] }, list(record({ id: text(), name: orNull(text()) }, ['id', 'name']))],
    },
    features: list({ ...text(), enum: ['print', 'magstripe', 'smartcard'] }),
    jobs: { ...text('Whose jobs may be seen and changed.'), enum: ['own', 'tenant', 'any'] },
    ...{ requiresIdempotencyKey: { type: 'boolean' }, allowBlank: { type: 'boolean' } },
    limits: record({
      copies: integer,
      requestsPerMinute: orNull(integer),
      cardsPerDay: orNull(record({ limit: integer, left: orNull(integer) }, ['limit', 'left'])),
    }),
  }),
  JobsPage: record({ jobs: list(ref('Job')), next: orNull(text('The cursor of the next page.')) }, [
    'jobs',
    'next',
  ]),
  Job: record({
    ...{ printStatusId: text(), printerId: text(), label: orNull(text()), createdAt: time },
    owner: record({ subject: text(), tenant: orNull(text()) }),
    ...{ status: orNull(text()), statusAt: orNull(time) },
  }),
  UnknownPrint: record({
    id: text('Names the submission when it is settled.'),
    operation: { ...text(), enum: ['print', 'updatePrint', 'resumePrintJob'] },
    target: text('The printer of a print, the job of an update or a resumption.'),
    submitter: record({ issuer: text(), subject: text(), tenant: text() }),
    ...{ copies: integer, label: text(), isKeyed: { type: 'boolean' }, dispatchedAt: time },
  }),
  Problem: record(
    {
      type: text('Stable: decide by it. docs/problems.md lists them.'),
      ...{ title: text(), status: integer, detail: text(), instance: text(), requestId: text() },
      ...{ code: text(), message: text(), target: text('The part of the request that is wrong.') },
      violations: list(record({ path: text(), message: text() })),
    },
    ['type', 'title', 'status', 'detail', 'code', 'message', 'requestId'],
  ),
} as unknown as Schemas;
