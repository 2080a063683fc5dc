import { matchesEtag, matchesEtagStrongly } from './etag.js';

const TAG = '"abc"';

describe('an entity tag', () => {
  it.each([
    [TAG, true, true],
    [`"x", ${TAG}`, true, true],
    [' * ', true, true],
    [`W/${TAG}`, true, false],
    ['"x"', false, false],
    ['abc', false, false],
    ['"ABC"', false, false],
    ['', false, false],
  ])('is named by %s: weakly %s, strongly %s (RFC 9110 §8.8.3.2)', (field, weakly, strongly) => {
    expect([matchesEtag(field, TAG), matchesEtagStrongly(field, TAG)]).toEqual([weakly, strongly]);
  });
});
