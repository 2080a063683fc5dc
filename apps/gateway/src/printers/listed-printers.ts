import type { CachedResponse } from '#libs/cache';
import { PrinterId } from '#libs/contract';
import type { Printer } from '#libs/idaas';

/** A printer of the list, with what is shown of it as JSON. */
export interface ListedPrinter {
  readonly id: PrinterId;
  readonly name: string | undefined;
  readonly text: string;
}

const takenApart = new WeakMap<CachedResponse['entry'], readonly ListedPrinter[]>();

/** What a cached list has: taken apart once for all who read the same copy. What has no id that a policy could name is left out. */
export function listedPrinters(entry: CachedResponse['entry']): readonly ListedPrinter[] {
  const known = takenApart.get(entry);
  if (known) return known;
  const listed = (JSON.parse(entry.text) as Printer[]).flatMap((printer) => {
    const id = PrinterId.parse(printer.id);
    return id === undefined ? [] : [{ id, name: printer.name, text: JSON.stringify(printer) }];
  });
  takenApart.set(entry, listed);
  return listed;
}
