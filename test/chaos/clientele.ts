import type { Card } from '../support/emulator.js';
import type { TestEnvironment } from '../support/test-environment.js';
import type { Print } from './impatient-client.js';

/** Somebody without a quota, who sees everybody's jobs. */
export const ADMINISTRATOR = 'anna';
/** Whose quota is used up before all that they want is printed. */
const WITH_FEW_CARDS = 'olga';
/** Whose quota is not. */
const WITH_MANY_CARDS = ['sonja', 'sven'];
export const EVERYBODY = [ADMINISTRATOR, WITH_FEW_CARDS, ...WITH_MANY_CARDS];
export const MOST_COPIES = 3;

/** A quarter of the prints are of the one with few cards: of one to three copies each, so about half of these can be printed. */
export const fewCards = (prints: number) => Math.ceil(prints / 4);

/** The sample policy, but operators may use all printers, and print so many cards a day. */
export const policyFor = (prints: number) => (yaml: string) =>
  yaml
    .replace('cardsPerDay: 200,', `cardsPerDay: ${fewCards(prints)},`)
    .replace(/printers:\n(?: +- .*\n)+/, "printers: '*'\n");

/** Of each who has a quota: how many cards count as used, and how many have left the printers. */
export async function cardsUsed(env: TestEnvironment, prints: readonly Print[], ledger: readonly Card[]) {
  const whose = new Map(prints.map(({ key, who }) => [key, who]));
  const tell = async (who: string) => {
    const { body } = await env.as(who).get('/api/gateway/v1/me');
    const printed = ledger.filter(({ segmentId = '' }) => whose.get(segmentId) === who).length;
    return { who, used: (body as { cardsToday: { used: number } }).cardsToday.used, printed };
  };
  return Promise.all([WITH_FEW_CARDS, ...WITH_MANY_CARDS].map(tell));
}
