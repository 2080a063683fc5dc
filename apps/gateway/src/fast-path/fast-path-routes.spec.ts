import type { Caller } from '#libs/policy';
import type { PrintCountsService } from '../print-counts/print-counts.service.js';
import type { StatusService } from '../status/status.service.js';
import { FastPathRoutes } from './fast-path-routes.js';

const ID = '2f6cb1a0-6091-416f-8559-2f2181e941c3';
const STATUS = '/api/web/v1/printers/print/';
const COUNTS = '/api/web/v1/printcounts';

describe('FastPathRoutes', () => {
  let asked: unknown[];
  let routes: FastPathRoutes;
  beforeEach(() => {
    asked = [];
    const note = (...what: unknown[]) => void asked.push(what);
    routes = new FastPathRoutes(
      { find: note } as unknown as StatusService,
      { read: note } as unknown as PrintCountsService,
    );
  });
  const caller = {} as Caller;

  it('has the status of a job, by an id in either case, for who may see jobs', () => {
    for (const id of [ID, ID.toUpperCase()]) {
      const read = routes.at(STATUS + id);
      expect(read).toMatchObject({ route: `${STATUS}:printStatusId`, requires: 'ISSUANCE:VIEW' });
      void read?.answer(caller, true);
    }
    expect(asked).toEqual([
      [ID, caller, true],
      [ID, caller, true],
    ]);
  });

  it('has the counts, for who may see reports', () => {
    const read = routes.at(COUNTS);
    expect(read).toMatchObject({ route: COUNTS, requires: 'REPORTS:VIEW' });
    void read?.answer(caller, false);
    expect(asked).toEqual([[caller, { revalidate: false }]]);
  });

  it.each([
    ...[
      '',
      '/',
      ID,
      COUNTS.slice(0, -1),
      `${COUNTS}/`,
      `${COUNTS}?`,
      `${COUNTS}?a=b`,
      `${COUNTS}#`,
      `/${COUNTS}`,
    ],
    ...[
      STATUS,
      `${STATUS}x`,
      `${STATUS}${ID}/`,
      `${STATUS}${ID}?a=b`,
      `${STATUS}${ID}%00`,
      `${STATUS}${ID}\n`,
    ],
    ...[`${STATUS}${ID}0`, `${STATUS} ${ID}`, `${STATUS}%32${ID.slice(1)}`],
    ...[`http://gateway.test${COUNTS}`, COUNTS.toUpperCase(), `/api/./web/v1/printcounts`],
  ])('has nothing at %j, which the framework answers', (path) => {
    expect(routes.at(path)).toBeUndefined();
  });
});
