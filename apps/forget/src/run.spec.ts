import { jest } from '@jest/globals';
import { run } from './run.js';

const PERSON = ['--issuer', 'https://login.example.com', '--subject', 'olga'];

describe('the command line of forget', () => {
  let said: string;
  beforeEach(() => {
    said = '';
    for (const output of [process.stdout, process.stderr])
      jest.spyOn(output, 'write').mockImplementation((text) => (said += text as string) !== '');
  });
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['no subject', ['--issuer', 'https://login.example.com'], 'name the --subject'],
    ['no issuer', ['--subject', 'olga'], 'name the --issuer'],
    ['an empty issuer', ['--issuer', '', '--subject', 'olga'], 'name the --issuer'],
    ['an empty tenant', [...PERSON, '--tenant', ''], '--tenant is empty'],
    ['an unknown option', [...PERSON, '--force'], '--force'],
    ['a word too many', [...PERSON, 'olga'], 'olga'],
    ['a person who is called help', ['--subject', 'help'], 'name the --issuer'],
  ])('explains its usage for %s', async (_, words, expected) => {
    expect(await run(words, {})).toBe(2);
    expect(said).toContain(expected);
    expect(said).toContain('Usage:');
  });

  it('explains its usage when it is asked to', async () => {
    expect(await run(['--help'], {})).toBe(0);
    expect(said).toContain('--erase');
  });

  it.each([
    ['no Redis', {}, 'REDIS_URL is not set'],
    ['a Redis that is none', { REDIS_URL: 'nowhere' }, 'REDIS_URL must be'],
    [
      'another setting that is wrong',
      { REDIS_URL: 'redis://h', AUDIT_STREAM_LENGTH: 'x' },
      'AUDIT_STREAM_LENGTH must be',
    ],
  ])('says what is wrong with its environment: %s', async (_, environment, expected) => {
    expect(await run([...PERSON, '--erase'], environment)).toBe(1);
    expect(said).toContain(expected);
    expect(said).not.toContain('What was erased so far');
  });
});
