import { MemoryStore } from '#libs/store';
import { AuditConfig } from './audit.config.js';
import { AuditRetention } from './audit.retention.js';

const DAY_MS = 86_400_000;

it('what is older than it may be is gone from both streams, and what is not stays', async () => {
  let now = 0;
  const store = new MemoryStore({ maxEntries: 10, now: () => now });
  for (const day of [0, 1, 2]) {
    now = day * DAY_MS;
    for (const stream of ['audit', 'audit:refused']) await store.append(stream, `of day ${day}`, 100);
  }
  await new AuditRetention(store, Object.assign(new AuditConfig(), { retentionDays: 1 })).trim();
  for (const stream of ['audit', 'audit:refused'])
    expect(await store.readLast(stream, 9)).toEqual(['of day 2', 'of day 1']);
});
