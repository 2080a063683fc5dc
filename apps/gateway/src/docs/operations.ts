/** What the document says of an operation beyond its path, its parameters and its body. */
export interface OperationText {
  readonly summary: string;
  readonly success: number;
  /** The schema of the answer; none for an empty one. */
  readonly answer?: string;
  readonly isList?: boolean;
  readonly mediaType?: string;
  /** Statuses of problems, beyond those that any operation may have. */
  readonly problems: readonly number[];
  /** Request headers that change what is done. */
  readonly takes?: readonly (keyof typeof REQUEST_HEADERS)[];
  /** Response headers of the success. */
  readonly gives?: readonly (keyof typeof RESPONSE_HEADERS)[];
  readonly requestExample?: unknown;
  readonly example?: unknown;
}

/** A request without a sound token, a rate that is used up, a gateway or an upstream in trouble. */
export const COMMON_PROBLEMS = [401, 429, 502, 503, 504];

export const REQUEST_HEADERS = {
  'Idempotency-Key': 'Your own name for this request: sent again with the same key, it is done once.',
  'X-Print-Label': 'Your own name for the job, up to 64 visible ASCII characters.',
  'If-Match': 'The ETag of the state for which it is wanted: 412 when the job is in another by now.',
  'If-None-Match': 'The ETag you have: 304 when nothing changed.',
  Prefer:
    '`wait=N`, with If-None-Match: answers when the status is another one, or after N seconds (at most 60).',
  'Cache-Control': '`no-cache`: an answer that is older than a second is fetched anew.',
  'Last-Event-ID': 'The id of the last event you saw.',
} as const;

export const RESPONSE_HEADERS = {
  ETag: 'Names this answer; send it as If-None-Match.',
  Age: 'Seconds since the upstream said it.',
  'Cache-Control':
    '`private, no-cache`: a copy is used only after a 304; `private, no-store` where the gateway keeps none either.',
  'Cache-Status': 'How the answer came about (RFC 9211).',
  'Idempotency-Replayed': '`true` when this is the answer of before.',
} as const;

const JOB = {
  printStatus: {
    id: '2f6c1c52-5f0e-4f3b-9a55-4f3f5a8c0d11',
    link: '/api/web/v1/printers/print/2f6c1c52-5f0e-4f3b-9a55-4f3f5a8c0d11',
  },
};
const CACHED = ['ETag', 'Age', 'Cache-Control', 'Cache-Status'] as const;
const ASKING = ['If-None-Match', 'Cache-Control'] as const;

/** By operationId; those of the vendor's operations are the vendor's. */
export const OPERATIONS: Readonly<Record<string, OperationText>> = {
  print: {
    summary: 'Prints a card',
    requestExample: {
      print: { front: [{ data: 'data:image/png;base64,iVBORw0KGgo…', layer: 'COLOR' }] },
      printerPreferences: { copies: 1 },
    },
    ...{
      success: 200,
      answer: 'PrintOperationResponse',
      problems: [400, 403, 404, 409, 413, 415, 422],
      example: JOB,
    },
    ...{ takes: ['Idempotency-Key', 'X-Print-Label'], gives: ['Idempotency-Replayed'] },
  },
  getPrintStatus: {
    summary: 'Reads the status of a print job',
    ...{ success: 200, answer: 'BasicPrintResponse', problems: [400, 403, 404] },
    ...{ takes: [...ASKING, 'Prefer'], gives: CACHED },
    example: {
      status: 'IN_PROGRESS',
      createdOn: '2026-11-24T09:00:00.000Z',
      updatedOn: '2026-11-24T09:00:03.000Z',
      data: { copiesRemaining: 1 },
    },
  },
  updatePrint: {
    summary: 'Sends commands to the chip of a smart card that is being printed',
    requestExample: { smartcard: { commands: [{ type: 'APDU', command: '00A4040000' }] } },
    ...{
      success: 202,
      answer: 'PrintOperationResponse',
      problems: [400, 403, 404, 409, 412, 415, 422],
      example: JOB,
    },
    ...{ takes: ['Idempotency-Key', 'If-Match'], gives: ['Idempotency-Replayed'] },
  },
  resumePrintJob: {
    summary: 'Lets a job that waits for it (AWAITING_PRINT) be printed',
    requestExample: { printJobId: JOB.printStatus.id },
    ...{
      success: 200,
      answer: 'ResumePrintJobApiResponse',
      problems: [400, 403, 404, 409, 415, 422],
      example: { printJobId: JOB.printStatus.id },
    },
    ...{ takes: ['Idempotency-Key'], gives: ['Idempotency-Replayed'] },
  },
  cancelPrint: {
    summary: 'Cancels a print job',
    success: 204,
    ...{ problems: [400, 403, 404, 412], takes: ['If-Match'] },
  },
  getPrintCounts: {
    summary: 'Reads how many cards were printed',
    ...{ success: 200, answer: 'PrintCountResponse', problems: [403], takes: ASKING, gives: CACHED },
    example: { counts: [{ name: 'Total', count: 42 }] },
  },
  readPrinters: {
    summary: 'Lists the printers that the caller may use',
    success: 200,
    answer: 'Printer',
    isList: true,
    ...{ problems: [403], takes: ASKING, gives: CACHED },
  },
  readPrinter: {
    summary: 'Reads a printer',
    ...{ success: 200, answer: 'Printer', problems: [400, 403, 404], takes: ASKING, gives: CACHED },
  },
  readMe: {
    summary: 'Tells who the caller is and what they may do',
    ...{
      success: 200,
      answer: 'Me',
      problems: [],
      takes: ['If-None-Match'],
      gives: ['ETag', 'Cache-Control'],
    },
  },
  listJobs: {
    summary: 'Lists the jobs that the caller sees, newest first',
    success: 200,
    answer: 'JobsPage',
    problems: [400, 403],
  },
  followJob: {
    summary: 'Follows a job as Server-Sent Events: status, then end, token-expired or reconnect',
    ...{
      success: 200,
      answer: 'BasicPrintResponse',
      mediaType: 'text/event-stream',
      problems: [400, 403, 404],
    },
    takes: ['Last-Event-ID'],
  },
  listUnknownPrints: {
    summary: 'Lists prints whose outcome is not known',
    success: 200,
    answer: 'UnknownPrint',
    isList: true,
    problems: [403],
  },
  settleUnknownPrint: {
    summary: 'Says what became of such a print',
    requestExample: { outcome: 'printed', printStatusId: JOB.printStatus.id },
    success: 204,
    problems: [400, 403, 404, 409, 415],
  },
};
