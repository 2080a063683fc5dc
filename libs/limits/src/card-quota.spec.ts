import { randomUUID } from 'node:crypto';
import { MemoryStore } from '#libs/store';
import { CardQuota } from './card-quota.js';
import { CardQuotaExceeded } from './limits.problems.js';
import { QuotaDays } from './quota-day.js';
import { keep, take } from './take-in-test.js';

const HELD_MS = 20_000;
const holder = { issuer: 'i', subject: 's', tenant: 't' };

describe('QuotaDays', () => {
  it.each([
    ['UTC', '2026-03-10T23:59:59.999Z', '2026-03-10', '2026-03-11T00:00:00.000Z'],
    ['Europe/Berlin', '2026-01-10T23:00:00.000Z', '2026-01-11', '2026-01-11T23:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T12:00:00.000Z', '2026-03-29', '2026-03-29T22:00:00.000Z'],
    ['Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25', '2026-10-25T23:00:00.000Z'],
    ['America/New_York', '2026-11-01T03:59:59.000Z', '2026-10-31', '2026-11-01T04:00:00.000Z'],
    ['Asia/Kathmandu', '2026-03-10T18:14:59.999Z', '2026-03-10', '2026-03-10T18:15:00.000Z'],
    ['Pacific/Auckland', '2026-07-01T11:59:59.999Z', '2026-07-01', '2026-07-01T12:00:00.000Z'],
  ])('in %s at %s', (timeZone, at, day, next) => {
    const days = new QuotaDays(timeZone);
    expect(days.dayOf(Date.parse(at))).toBe(day);
    expect(new Date(days.nextDayStart(Date.parse(at))).toISOString()).toBe(next);
  });
});

describe('CardQuota', () => {
  let now: number;
  let store: MemoryStore;
  let quota: CardQuota;

  beforeEach(() => {
    now = Date.parse('2026-03-10T22:00:00Z');
    store = new MemoryStore({ maxEntries: 1_000, now: () => now });
    quota = new CardQuota(store, new QuotaDays('UTC'), HELD_MS);
  });

  const reserve = async (cards: number, limit = 10, who = holder) => {
    const reservation = { holder: who, cards, atMs: now, token: randomUUID() };
    const again = () => take(store, quota.reserve(reservation, limit));
    await again();
    return {
      again,
      keep: () => keep(store, quota.confirm(reservation)),
      giveBack: (printed = 0) => quota.giveBack(reservation, printed),
    };
  };
  const refusal = async (cards: number) => {
    const error: unknown = await reserve(cards).catch((thrown: unknown) => thrown);
    if (!(error instanceof CardQuotaExceeded)) throw new Error('it was not refused');
    return error;
  };

  it('reserves up to the limit, to the card, and says what is left and until when', async () => {
    await reserve(7);
    const refused = await refusal(4);
    expect(refused.members).toEqual({ limit: 10, left: 3 });
    expect(refused.headers).toEqual({
      'retry-after': '7200',
      'ratelimit-policy': '"cards-per-day";q=10;w=86400',
      ratelimit: '"cards-per-day";r=3;t=7200',
    });
    await reserve(3);
    await refusal(1);
  });

  it('gives back what was not printed', async () => {
    const { giveBack } = await reserve(10);
    await giveBack();
    await reserve(10);
  });

  it('gives back, once, what a job did not print, and never more than was reserved', async () => {
    const { keep, giveBack } = await reserve(5);
    await keep();
    for (let times = 0; times < 3; times += 1) await giveBack(2);
    await giveBack(4);
    expect(await quota.usage(holder, now)).toMatchObject({ used: 2 });
    await reserve(8);
    await giveBack(-1);
    expect(await quota.usage(holder, now)).toMatchObject({ used: 8 });
  });

  it('counts an attempt once, however often it is asked, and not again once its cards were given back', async () => {
    const { again, giveBack } = await reserve(6);
    await again();
    await reserve(4);
    await giveBack();
    await expect(again()).rejects.toBeInstanceOf(CardQuotaExceeded);
    expect(await quota.usage(holder, now)).toMatchObject({ used: 4 });
  });

  it('forgets what was reserved for an attempt that did not come to be sent, and then lets nothing be sent for it', async () => {
    const [died, sent] = [await reserve(4), await reserve(6)];
    expect(await sent.keep()).toBe(true);
    now += HELD_MS;
    await reserve(4);
    expect(await died.keep()).toBe(false);
    expect(await sent.keep()).toBe(true);
    await refusal(1);
  });

  it('begins anew at midnight, and what is given back late belongs to its own day', async () => {
    const { giveBack } = await reserve(10);
    now = Date.parse('2026-03-11T00:00:00Z');
    await reserve(10);
    await giveBack();
    await refusal(1);
  });

  it('is each caller’s own', async () => {
    await reserve(10);
    await reserve(10, 10, { ...holder, tenant: 'x' });
  });

  it('lets a small print pass beside a large one that is refused', async () => {
    await reserve(8);
    const both = await Promise.allSettled([reserve(5), reserve(2)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('lets not one card over of five hundred who come at the same time', async () => {
    const reserved = await Promise.allSettled(Array.from({ length: 500 }, () => reserve(1, 100)));
    expect(reserved.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
  });
});
