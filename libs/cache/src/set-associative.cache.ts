/** An id has so many places, side by side: eight hashes fit into half a line of a processor's cache. */
const WAYS = 8;

/**
 * Finds what was found before by its id, with few looks into memory that nobody was at for long; with many entries these are what
 * finding costs. It is built as a processor's own cache is: an id has eight places, and who comes when all are taken
 * takes one of them. So it may have forgotten what there was room for, and what is not in it must be found elsewhere. A `Map`
 * touches twice as much memory: it follows a chain of entries, and compares their keys, which lie anywhere.
 */
export class SetAssociativeCache<Entry extends { readonly id: string }> {
  private readonly entries: (Entry | undefined)[];
  private readonly hashes: Int32Array;
  private readonly firstPlaces: number;
  private nextVictim = 0;

  /** Has room for so many entries, rounded up to a power of two. */
  constructor(room: number) {
    const size = Math.max(WAYS, 2 ** Math.ceil(Math.log2(room)));
    this.entries = new Array<undefined>(size).fill(undefined);
    this.hashes = new Int32Array(size);
    this.firstPlaces = size - WAYS;
  }

  get(id: string): Entry | undefined {
    const hash = hashOf(id);
    const first = hash & this.firstPlaces;
    for (let place = first; place < first + WAYS; place += 1) {
      if (this.hashes[place] !== hash) continue;
      const entry = this.entries[place];
      if (entry?.id === id) return entry;
    }
    return undefined;
  }

  /** In the place of the entry with this id, where there is one. */
  set(entry: Entry): void {
    const hash = hashOf(entry.id);
    const place = this.placeFor(entry.id, hash & this.firstPlaces);
    this.hashes[place] = hash;
    this.entries[place] = entry;
  }

  private placeFor(id: string, first: number): number {
    const set = this.entries.slice(first, first + WAYS);
    const own = set.findIndex((entry) => entry?.id === id);
    const way = own < 0 ? set.indexOf(undefined) : own;
    return first + (way < 0 ? this.nextVictim++ % WAYS : way);
  }
}

/** FNV-1a over 32 bits, its upper half folded into the lower one, which says where to look. */
function hashOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1)
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return hash ^ (hash >>> 16);
}
