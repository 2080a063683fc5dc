import { Injectable } from '@nestjs/common';
import { CardQuota } from '#libs/limits';
import { PolicyService, type Caller } from '#libs/policy';
import { StoreUnavailable } from '#libs/store';
import { PrinterNames } from '../printers/printer-names.js';

/** Who the caller is to the gateway, and what they may do: a frontend knows which buttons to show. */
@Injectable()
export class MeService {
  constructor(
    private readonly policy: PolicyService,
    private readonly quota: CardQuota,
    private readonly printerNames: PrinterNames,
  ) {}

  async read(caller: Caller) {
    const { principal, grant } = caller;
    return {
      issuer: principal.issuer,
      subject: principal.subject,
      tenant: principal.tenant ?? null,
      roles: principal.roles.filter((role) => this.policy.current.roles.has(role)),
      permissions: [...grant.permissions],
      features: [...grant.features],
      jobs: grant.jobs,
      printers: await this.printersOf(caller),
      requiresIdempotencyKey: grant.requiresIdempotencyKey,
      limits: {
        copies: grant.limits.copies,
        requestsPerMinute: grant.limits.requestsPerMinute ?? null,
        cardsPerDay: await this.cardsOf(caller),
      },
    };
  }

  private async printersOf(caller: Caller) {
    const { printers } = caller.grant;
    if (printers === '*') return '*';
    const names = printers.size > 0 ? await this.printerNames.read(caller) : new Map<string, string>();
    return [...printers].map((id) => ({ id, name: names.get(id) ?? null }));
  }

  /** Null without a quota; without the shared state it is not known how many are used. */
  private async cardsOf({ principal, grant }: Caller) {
    const limit = grant.limits.cardsPerDay;
    if (limit === undefined) return null;
    try {
      const { used, resetsAtMs } = await this.quota.usage(principal, Date.now());
      const left = Math.max(0, limit - used);
      return { limit, used, left, resetsAt: new Date(resetsAtMs).toISOString() };
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return { limit, used: null, left: null, resetsAt: null };
    }
  }
}
