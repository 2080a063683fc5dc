/** An id has so many places, side by side. */
const WAYS = 8;

/**
 * Finds what was found before by its id, with few looks into memory that nobody was at for long; with many entries these are what
 * finding costs. It is built as a processor's own cache is: an id has eight places, and who comes when all are taken
 * takes one of them. So it may have forgotten what there was room for, and what is not in it must be found elsewhere. A `Map`
 * touches twice as much memory: it follows a chain of entries, and compares their keys, which lie anywhere.
 */
export class SetAssociativeCache<Entry extends { readonly id: string }> {
  private readonly entries: (Entry | undefined)[];
  private readonly sets: number;
  private victims = 0;

  /** Has room for at least twice so many entries, so that most find the first of their places free. */
  constructor(expected: number) {
    const size = Math.max(WAYS, 2 ** Math.ceil(Math.log2(2 * expected)));
    this.entries = new Array<undefined>(size).fill(undefined);
    this.sets = size - WAYS;
  }

  get(id: string): Entry | undefined {
    const place = this.placeOf(id, hashOf(id));
    return place === undefined ? undefined : this.entries[place];
  }

  /** In the place of the entry with this id, where there is one. Nothing is ever taken out, so that no gap ends a look too early. */
  set(entry: Entry): void {
    const hash = hashOf(entry.id);
    const place = this.placeOf(entry.id, hash) ?? this.place(hash, this.victims++);
    this.entries[place] = entry;
  }

  /** Where the id has its entry, or may have it: the first place that is free. Undefined when others have all of them. */
  private placeOf(id: string, hash: number): number | undefined {
    for (let way = 0; way < WAYS; way += 1) {
      const place = this.place(hash, way);
      const taken = this.entries[place];
      if (taken === undefined || taken.id === id) return place;
    }
    return undefined;
  }

  /** Of a set's places the hash says which comes first. */
  private place(hash: number, way: number): number {
    return (hash & this.sets) | ((hash + way) & (WAYS - 1));
  }
}

/** FNV-1a over 32 bits, its upper half folded into the lower one, which says where to look. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1)
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return hash ^ (hash >>> 16);
}
