import { Injectable } from '@nestjs/common';
import { distributedRolesAdvice } from '#libs/auth';
import { CardQuota } from '#libs/limits';
import type { Caller, Role } from '#libs/policy';
import { StoreUnavailable } from '#libs/store';
import { PrinterNames } from '../printers/printer-names.js';
import type { CardsToday, Me } from './me.dto.js';
import { statementView } from './statement-view.js';

/** Who the caller is to the gateway, and what each of their roles allows: a frontend knows which buttons to show. */
@Injectable()
export class MeService {
  constructor(
    private readonly quota: CardQuota,
    private readonly printerNames: PrinterNames,
  ) {}

  async read(caller: Caller): Promise<Me> {
    const { principal, grant } = caller;
    const { roles } = grant;
    const [names, cards] = await Promise.all([this.namesFor(caller), this.cardsOf(caller)]);
    return {
      issuer: principal.issuer,
      subject: principal.subject,
      tenant: principal.tenant ?? null,
      roles: roles.map(({ name }) => name),
      permissions: [...grant.permissions],
      statements: roles.map((role) => statementView(role, names, cards)),
      cardsToday: cards ?? null,
      warnings: [distributedRolesAdvice(principal)].filter((advice) => advice !== undefined),
    };
  }

  private async namesFor(caller: Caller): Promise<ReadonlyMap<string, string | undefined>> {
    const hasPrinters = ({ printers }: Role) => printers !== '*' && printers.size > 0;
    return caller.grant.roles.some(hasPrinters) ? this.printerNames.read(caller) : new Map();
  }

  /** Undefined where no role has a quota; without the shared state it is not known how many are used. */
  private async cardsOf({ principal, grant }: Caller): Promise<CardsToday | undefined> {
    if (grant.roles.every(({ limits }) => limits.cardsPerDay === undefined)) return undefined;
    try {
      const { used, resetsAtMs } = await this.quota.usage(principal, Date.now());
      return { used, resetsAt: new Date(resetsAtMs).toISOString() };
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return { used: null, resetsAt: null };
    }
  }
}
