import { AUDIT_STREAMS, erasedFrom } from '#libs/audit';
import type { Desk } from './desk.js';

/** Takes the person out of both audit streams; out of how many events. */
export async function eraseEvents(desk: Desk): Promise<number> {
  let count = 0;
  for (const stream of Object.values(AUDIT_STREAMS)) count += await eraseFrom(stream, desk);
  return count;
}

async function eraseFrom(stream: string, { inventory, person, erases }: Desk): Promise<number> {
  let count = 0;
  for await (const records of inventory.records(stream)) {
    const replacements = records.flatMap(({ id, record }) => {
      const erased = erasedFrom(record, (identity) => person.is(identity));
      return erased.isNamed ? [{ id, by: erased.by }] : [];
    });
    if (erases && replacements.length > 0) await inventory.replaceRecords(stream, replacements);
    count += replacements.length;
  }
  return count;
}
