import { Injectable, Logger } from '@nestjs/common';
import { ReadThroughCache, type Source } from '#libs/cache';
import { IdaasClient } from '#libs/idaas';
import type { Caller } from '#libs/policy';
import { UpstreamAccess } from '../upstream/upstream.access.js';

const LIFETIME = { freshMs: 300_000, staleWhileRevalidateMs: 3_600_000, staleIfErrorMs: 86_400_000 };

/** What the printers are called. They seldom change, so everybody shares one cached look. */
@Injectable()
export class PrinterNames {
  private readonly log = new Logger('Printers');

  constructor(
    private readonly idaas: IdaasClient,
    private readonly upstream: UpstreamAccess,
    private readonly cache: ReadThroughCache,
  ) {}

  /** Id → name; empty when the upstream cannot be asked: a name is a nicety. */
  async read(caller: Caller): Promise<ReadonlyMap<string, string | undefined>> {
    try {
      const { entry } = await this.cache.read(this.sourceFor(caller));
      return new Map(JSON.parse(entry.text) as [string, string | undefined][]);
    } catch (error) {
      this.log.debug({ err: error }, 'the printers’ names cannot be had');
      return new Map();
    }
  }

  private sourceFor(caller: Caller): Source {
    return {
      kind: 'printer-names',
      key: 'printer-names',
      absentMs: 0,
      admit: () => this.upstream.admit(caller),
      fetch: async () => {
        const printers = await this.upstream.run(caller, (context) => this.idaas.readPrinters(context));
        return {
          text: JSON.stringify(printers.map(({ id, name }) => [id, name])),
          lifetime: LIFETIME,
        };
      },
    };
  }
}
