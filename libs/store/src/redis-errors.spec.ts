import { redisErrorKind } from './redis-errors.js';

describe('what an error of Redis is', () => {
  const coded = (code: string) => Object.assign(new Error('connect failed'), { code });
  const behind = (error: Error) =>
    Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError: error });

  it.each<[error: unknown, name: string]>([
    [coded('ENOTFOUND'), 'name not found'],
    [coded('ECONNREFUSED'), 'refused'],
    [new Error('connect ETIMEDOUT'), 'unreachable'],
    [new Error('WRONGPASS invalid username-password pair or user is disabled.'), 'login refused'],
    [new Error('NOAUTH Authentication required.'), 'login missing'],
    [
      new Error(
        'All sentinels are unreachable. Retrying from scratch after 25ms. Last error: NOAUTH Authentication required.',
      ),
      'sentinel login',
    ],
    [
      new Error("ERR The user executing the script can't publish to the channel mentioned in the command"),
      'not permitted',
    ],
    [new Error("NOPERM User x has no permissions to run the 'evalsha' command"), 'not permitted'],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'certificate'],
    [coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'certificate'],
    [coded('ERR_SSL_WRONG_VERSION_NUMBER'), 'TLS'],
    [new Error("OOM command not allowed when used memory > 'maxmemory'."), 'out of memory'],
    [new Error('NOREPLICAS Not enough good replicas to write.'), 'too few replicas'],
    [new Error("READONLY You can't write against a read only replica."), 'read only'],
    [
      new Error('MISCONF Redis is configured to save RDB snapshots, but is unable to persist to disk.'),
      'cannot save',
    ],
    [new Error('LOADING Redis is loading the dataset in memory'), 'not ready'],
    [new Error('CLUSTERDOWN The cluster is down'), 'cluster down'],
    [new Error('ERR max number of clients reached'), 'too many clients'],
    [new Error('ERR DB index is out of range'), 'no such database'],
    [new Error('no answer in time'), 'silent'],
    [behind(coded('ECONNREFUSED')), 'refused'],
    [behind(coded('SELF_SIGNED_CERT_IN_CHAIN')), 'certificate'],
    [behind(new Error('Connection is closed.')), 'cluster down'],
    [new AggregateError([coded('ECONNREFUSED')]), 'refused'],
    [new Error('never seen before'), 'connection'],
    ['no error at all', 'connection'],
  ])('%p is called by its kind: %s', (error, name) => {
    expect(redisErrorKind(error).name).toBe(name);
  });
});
