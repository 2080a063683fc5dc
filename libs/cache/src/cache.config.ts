import { integer, Setting } from '#libs/config';

const DAY_MS = 86_400_000;

/** How the cache works; how long each kind of answer lives is said where it is read. */
export class CacheConfig {
  @Setting({
    name: 'CACHE_PROCESS_ENTRIES',
    kind: integer(1, 10_000_000),
    default: '200000',
    meaning: 'how many answers a process keeps in its own memory, before the shared state',
  })
  readonly processEntries!: number;

  @Setting({
    name: 'CACHE_PROCESS_BYTES',
    kind: integer(10_000, 100_000_000_000),
    default: '134217728',
    meaning: 'how many bytes of answers a process keeps in its own memory',
  })
  readonly processBytes!: number;

  @Setting({
    name: 'CACHE_PROCESS_TTL_MS',
    kind: integer(1, DAY_MS),
    default: '3600000',
    meaning: 'after so long a process looks into the shared state again, however fresh its own copy is',
  })
  readonly processTtlMs!: number;

  @Setting({
    name: 'CACHE_LEASE_MS',
    kind: integer(100, 60_000),
    default: '3000',
    meaning: 'how long one gateway may fetch while the others wait; what a gateway that dies meanwhile costs',
  })
  readonly leaseMs!: number;

  @Setting({
    name: 'CACHE_REVALIDATE_AFTER_MS',
    kind: integer(0, DAY_MS),
    default: '1000',
    meaning: 'a caller’s `Cache-Control: no-cache` is followed for answers that are older',
  })
  readonly revalidateAfterMs!: number;
}
