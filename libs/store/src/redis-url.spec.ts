import { inspect } from 'node:util';
import { redisUrl } from './redis-url.js';

describe('REDIS_URL', () => {
  it.each([
    [
      'redis://localhost',
      { form: 'single', nodes: [{ host: 'localhost', port: 6379 }], usesTls: false, database: 0 },
    ],
    [
      'rediss://r.example:6390/3',
      { form: 'single', nodes: [{ host: 'r.example', port: 6390 }], usesTls: true, database: 3 },
    ],
    ['redis://[::1]:7000', { form: 'single', nodes: [{ host: '::1', port: 7000 }] }],
    ['redis://user:p%40ss@h', { username: 'user' }],
    [
      'redis+sentinel://a:1,b/main',
      {
        form: 'sentinel',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 26379 },
        ],
        master: 'main',
      },
    ],
    [
      'rediss+cluster://a:1,b:2',
      {
        form: 'cluster',
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
        usesTls: true,
      },
    ],
  ])('reads %s', (url, expected) => {
    expect(redisUrl.parse(url)).toMatchObject(expected);
  });

  it.each([
    'http://localhost',
    'redis://',
    'redis://a,b',
    'redis://a/name',
    'redis+sentinel://a:1',
    'redis+cluster://a/0',
    'redis://:a@b@h',
    'redis://a b',
  ])('refuses %s', (url) => {
    expect(redisUrl.parse(url)).toBeUndefined();
  });

  it.each([
    ['p%40ss', 'p@ss'],
    ['100%', '100%'],
    ['%zz%20', '%zz '],
    ['%ff', '%ff'],
    ['%C3%A4%', 'ä%'],
    ['a:b#c?d', 'a:b#c?d'],
  ])('reads the password %s as %s', (written, password) => {
    const target = redisUrl.parse(`redis://us%25er%:${written}@h`);
    expect([target?.username, target?.password?.reveal()]).toEqual(['us%er%', password]);
  });

  it('does not show its password', () => {
    const target = redisUrl.parse('redis://:p%40ss@h');
    expect(target?.password?.reveal()).toBe('p@ss');
    expect(inspect(target)).not.toContain('p@ss');
  });
});
