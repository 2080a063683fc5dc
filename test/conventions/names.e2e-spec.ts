import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names that this code base had for things which have usual ones; what is said now stands behind. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  'read-lane|ReadLane|PolledReads|openLane': 'fast path',
  'Departures?': 'ResponseBatcher, PendingResponse',
  'LongText|liftLongTexts|collect-body': 'RawJsonString, extractLongStrings, read-body',
  'BodyMemory|giveBackImages': 'BodyBuffer',
  'StatusesAtHand|SetAssociativeCache|EntryPlace': 'ProcessCache',
  'send-answer|send-done|send-tagged': 'send-cached, send-idempotent-response, send-with-etag',
  'read-demand|request-parts': 'cache-directives, validated-params',
  'FairGate|Party': 'FairConcurrencyLimiter, tenant',
  'GrowingPause|nothing-done': 'ExponentialBackoff, not-executed',
  'whole-response|WholeResponse': 'BufferedResponse',
  'verified-token.cache|SignatureChecks|repeated-member': 'token.cache, TokenVerifier, duplicate-json-key',
  'redis-ear|redis-presence|redis-faults|redis-target|in-time|one-write|gathered-steps':
    'redis-subscriber, redis-health, redis-config-check, redis-url, with-timeout, redis-scripts',
  'shared-owners|WriteBehind|local-day|card-reservations':
    'identity-interner, DeferredWrites, quota-day, print-quota',
  'stop-in-time|StopInTime': 'shutdown-deadline',
  'problem\\.problems': 'common.problems',
  'once\\.module|OnceModule|OnceInTest|ClaimsModule': 'IdempotentExecutor, IdempotencyModule',
  'ClaimRegistry|claim\\.registry|ClaimTaker|loseTrack|holdOn':
    'IdempotencyRepository, KeyClaimer, markUnknown, keepAlive',
  'OpenSubmission|open-submissions|listOpenSendings': 'InFlightSubmission, in-flight-index',
  'provesNothingDone|mayBeSentAgain': 'isNotExecuted, isRetryable',
  keyAtHand: 'keyIfLoaded',
  'upstream-nonsense|UpstreamNonsense': 'upstream-invalid-response',
  'House|RoleHouse|FaultyHouse|test/house': 'TestEnvironment, RoleEnvironment, test/conventions',
  'Seeded|chanceOf|sufferFaults': 'Prng, randomNumbers, injectFaults',
  'someKey|Contestant|rivals': 'keyHeader, BenchServer, baselines',
};
/** What was said before, and why, stands there. */
const EXCEPT = /^(test\/conventions\/names|docs\/decisions\/|CHANGELOG)/;

describe('names', () => {
  const files = ['apps', 'libs', 'test', 'docs', 'deploy', 'config'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|js|md|yaml|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !/node_modules|bench\/dist/.test(path) && !EXCEPT.test(path)),
  );

  it.each(Object.entries(OLD_NAMES))('are the usual ones instead of %s', (old, usual) => {
    const pattern = new RegExp(`(?<![\\w-])(${old})(?![\\w-])`);
    const found = files.filter((path) => pattern.test(`${path}\n${readFileSync(path, 'utf8')}`));
    expect({ usual, found }).toEqual({ usual, found: [] });
  });
});
