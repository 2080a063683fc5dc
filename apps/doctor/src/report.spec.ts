import { about } from './finding.js';
import { redacted } from './redacted.js';
import { asJson, asText } from './report.js';

describe('a report', () => {
  const findings = [about('dns').ok('found'), about('tls').failure('bad\nok  tls  fine\x1b[2K', 'mend it')];

  it('has a line for each finding, and nobody else can write one', () => {
    expect(asText(findings).split('\n')).toEqual([
      'ok       dns                 found',
      'failure  tls                 bad ok  tls  fine [2K',
      '                             → mend it',
      '',
      '1 failure(s), 0 warning(s)',
    ]);
  });

  it('says to programs whether all is sound', () => {
    expect(JSON.parse(asJson(findings))).toMatchObject({ isSound: false, findings });
    expect(JSON.parse(asJson(findings.slice(0, 1)))).toMatchObject({ isSound: true });
  });

  it('shows no secret, in whichever form it came into it', () => {
    const secret = 'se"cret%/of redis';
    const forms = [secret, JSON.stringify(secret), encodeURIComponent(secret)];
    const base64 = Buffer.from(secret).toString('base64');
    expect(redacted([...forms, base64].join(' '), [secret, 'short'])).toBe('*** "***" *** ***');
    expect(redacted('a secret and more', ['secret', 'secret and more'])).toBe('a ***');
    expect(redacted('in short', ['short'])).toBe('in short');
  });
});
