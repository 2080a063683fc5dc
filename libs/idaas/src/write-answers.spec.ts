import { PrinterId, PrintStatusId } from '#libs/contract';
import { IdaasClient } from './idaas.client.js';
import { isNotExecuted } from './not-executed.js';
import type { UpstreamResponse } from './send.js';

const ID = '0b0db90a-6091-416f-8559-2f2181e941c3';
const PRINTED = JSON.stringify({ printStatus: { id: ID, link: 'https://x' } });
const PAGE = '<!DOCTYPE html><html><body>Request rejected. Support ID: 17</body></html>';

/** How a change ends that the upstream answers so. */
async function endOf(
  operation: 'print' | 'update' | 'cancel' | 'resume',
  answer: Partial<UpstreamResponse>,
): Promise<string> {
  const response = { contentType: 'application/json', text: '', retryAfter: undefined, date: undefined };
  const client = new IdaasClient(() => Promise.resolve({ status: 200, ...response, ...answer }), {
    ...{ printTimeoutMs: 1, readTimeoutMs: 1, listTimeoutMs: 1 },
  });
  const id = PrintStatusId.parse(ID) as PrintStatusId;
  const call = {
    print: () => client.print(PrinterId.parse(ID) as PrinterId, [], () => Promise.resolve(1)),
    update: () => client.updatePrint(id, '{}'),
    cancel: () => client.cancelPrint(id),
    resume: () => client.resumePrintJob(id),
  }[operation];
  return call().then(
    () => 'done',
    (error: unknown) => `${(error as Error).name}, ${isNotExecuted(error) ? 'nothing done' : 'not known'}`,
  );
}

describe('an answer of the upstream, or of what stands before it, to a change', () => {
  const html = { contentType: 'text/html; charset=utf-8', text: PAGE };

  it.each([200, 201, 202, 203, 207])('a print that is answered %i with an id is done', async (status) => {
    expect(await endOf('print', { status, text: PRINTED })).toBe('done');
    expect(await endOf('print', { status, text: PRINTED, contentType: 'text/plain' })).toBe('done');
  });

  it.each([
    [{ status: 200, text: '{}' }],
    [{ status: 204 }],
    [{ status: 200, ...html }],
    [{ status: 202, text: PRINTED.slice(1) }],
  ])('what became of a print that is answered with %j is not known', async (answer) => {
    expect(await endOf('print', answer)).toBe('upstream-invalid-response, not known');
  });

  it.each(['update', 'cancel', 'resume'] as const)(
    'a 2xx to %s is done, with a body or without',
    async (operation) => {
      for (const status of [200, 201, 202, 204])
        for (const text of ['', PRINTED]) expect(await endOf(operation, { status, text })).toBe('done');
      expect(await endOf(operation, { status: 202, text: 'Accepted', contentType: 'text/plain' })).toBe(
        'done',
      );
      expect(await endOf(operation, { status: 200, ...html })).toBe('upstream-invalid-response, not known');
      expect(await endOf(operation, { status: 200, text: PAGE, contentType: '' })).toBe(
        'upstream-invalid-response, not known',
      );
    },
  );

  it.each<[number, Partial<UpstreamResponse>, string]>([
    [301, html, 'upstream-failed'],
    [302, {}, 'upstream-failed'],
    [307, html, 'upstream-failed'],
    [400, {}, 'upstream-refused'],
    [400, html, 'upstream-blocked'],
    [401, html, 'upstream-credentials-refused'],
    [403, {}, 'upstream-credentials-refused'],
    [403, html, 'upstream-blocked'],
    [403, { text: '  <html>', contentType: '' }, 'upstream-blocked'],
    [404, {}, 'not-found'],
    [404, html, 'upstream-blocked'],
    [405, html, 'upstream-blocked'],
    [406, html, 'upstream-blocked'],
    [407, {}, 'upstream-failed'],
    [409, {}, 'upstream-failed'],
    [413, {}, 'upstream-body-too-large'],
    [413, html, 'upstream-body-too-large'],
    [415, {}, 'upstream-failed'],
    [418, {}, 'upstream-failed'],
    [425, {}, 'upstream-failed'],
    [429, html, 'upstream-busy'],
    [431, html, 'upstream-blocked'],
    [451, {}, 'upstream-failed'],
    [499, {}, 'upstream-failed'],
  ])('%i (%j) proves that nothing was done: %s', async (status, answer, problem) => {
    for (const operation of ['print', 'update', 'cancel', 'resume'] as const)
      expect(await endOf(operation, { status, ...answer })).toBe(`${problem}, nothing done`);
  });

  it.each([408, 500, 501, 502, 503, 504, 520, 599])(
    '%i proves nothing, with a page or without',
    async (status) => {
      for (const answer of [{}, html])
        expect(await endOf('print', { status, ...answer })).toBe('upstream-failed, not known');
    },
  );
});
