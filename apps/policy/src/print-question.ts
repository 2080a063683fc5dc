import { missingFeatures, printLacks, type PrintInQuestion, type PrintLack, type Role } from '#libs/policy';
import { Problem } from '#libs/problem';
import type { ExplainOptions } from './options.js';
import type { Question } from './question.js';
import { UsageFault } from './usage.js';

/** Throws {@link UsageFault} without a printer. */
export function printQuestion({ printer, features, copies, isBlank, hasKey }: ExplainOptions): Question {
  if (!printer) throw new UsageFault('name the --printer');
  const print = {
    printerId: printer,
    features: features ?? (isBlank ? [] : ['print']),
    copies,
    isBlank,
    hasKey,
  } as const;
  return {
    requirement: 'ISSUANCE:ADD',
    refusal: (grant) => {
      try {
        grant.requirePrint(print);
        return undefined;
      } catch (error) {
        if (error instanceof Problem) return `${error.kind.status} ${error.kind.name}: ${error.detail}`;
        throw error;
      }
    },
    lacks: (role) => printLacks(role, print).map((lack) => inWords(lack, role, print)),
    terms: (grant) => {
      const { cardsPerDay } = grant.requirePrint(print);
      return [cardsPerDay === undefined ? 'no quota of cards' : `${cardsPerDay} cards a day`];
    },
  };
}

function inWords(lack: PrintLack, role: Role, print: PrintInQuestion): string {
  const words: Record<PrintLack, () => string> = {
    permission: () => 'does not have the permission ISSUANCE:ADD',
    printer: () => 'does not have the printer',
    feature: () => `does not grant ${missingFeatures(role, print.features).join(' and ')}`,
    copies: () => `limits copies to ${role.limits.copies}`,
    content: () => 'does not allow a blank card',
    key: () => 'demands an Idempotency-Key',
  };
  return words[lack]();
}
