import { loadConfig } from '#libs/config';
import { faultsBetweenSettings } from './setting-pairs.js';
import { SETTINGS } from './settings.js';

const NAMES: Record<string, string> = {
  IDAAS_BASE_URL: 'http://127.0.0.1:9',
  IDAAS_APPLICATION_ID: 'app',
  IDAAS_SHARED_SECRET: 'secret',
};

const load = (environment: Record<string, string>) =>
  loadConfig(SETTINGS, { ...NAMES, ...environment }, faultsBetweenSettings);

describe('settings of different parts', () => {
  it('fit one another as they are by default', () => {
    expect(() => load({})).not.toThrow();
  });

  it.each([
    [
      { JOBS_RETENTION_DAYS: '29' },
      'JOBS_RETENTION_DAYS must be at least as long as IDEMPOTENCY_UNKNOWN_DAYS',
    ],
    [
      { IDEMPOTENCY_UNKNOWN_DAYS: '31' },
      'JOBS_RETENTION_DAYS must be at least as long as IDEMPOTENCY_UNKNOWN_DAYS',
    ],
    [
      { IDEMPOTENCY_COMPLETED_HOURS: '720' },
      'JOBS_RETENTION_DAYS must be longer than IDEMPOTENCY_COMPLETED_HOURS',
    ],
    [
      { IDEMPOTENCY_UNKNOWN_DAYS: '7' },
      'IDEMPOTENCY_UNKNOWN_DAYS must be longer than IDEMPOTENCY_COMPLETED_HOURS',
    ],
    [
      { IDEMPOTENCY_UNKNOWN_DAYS: '1', IDEMPOTENCY_COMPLETED_HOURS: '1', RESOLUTION_SETTLE_MS: '86400000' },
      'IDEMPOTENCY_UNKNOWN_DAYS must be longer than RESOLUTION_SETTLE_MS',
    ],
    [
      { IDEMPOTENCY_UNKNOWN_DAYS: '1', IDEMPOTENCY_COMPLETED_HOURS: '1', RESOLUTION_INTERVAL_MS: '86400000' },
      'IDEMPOTENCY_UNKNOWN_DAYS must be longer than RESOLUTION_INTERVAL_MS',
    ],
    [
      { REDIS_COMMAND_TIMEOUT_MS: '3334' },
      'IDEMPOTENCY_LEASE_MS must be at least as long as 3 times REDIS_COMMAND_TIMEOUT_MS',
    ],
    [
      { IDEMPOTENCY_MARGIN_MS: '1000', REDIS_COMMAND_TIMEOUT_MS: '334' },
      'IDEMPOTENCY_MARGIN_MS must be at least as long as 3 times REDIS_COMMAND_TIMEOUT_MS',
    ],
    [{ STOP_GRACE_MS: '60000' }, 'STOP_DEADLINE_MS must be longer than STOP_GRACE_MS'],
  ])('are refused together: %j', (environment, fault) => {
    expect(() => load(environment)).toThrow(fault);
  });

  it.each([
    [{ JOBS_RETENTION_DAYS: '8', IDEMPOTENCY_UNKNOWN_DAYS: '8' }],
    [{ IDEMPOTENCY_COMPLETED_HOURS: '719' }],
    [{ REDIS_COMMAND_TIMEOUT_MS: '3333' }],
  ])('are taken up to where they do not fit any more: %j', (environment) => {
    expect(() => load(environment)).not.toThrow();
  });
});
