import type { LookupAddress, LookupAllOptions, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { SingleFlight } from '#libs/concurrency';

/** Who asks for longer than this gets what is remembered; the answer that comes later is remembered for the next. */
const PATIENCE_MS = 500;
/** No longer: by then the address may be somebody else's. */
const REMEMBERED_MS = 86_400_000;

export interface NamesOptions {
  /** `dns.lookup`, which asks as the machine is configured to. */
  readonly ask: (name: string, options: LookupAllOptions) => Promise<LookupAddress[]>;
  /** Counts milliseconds. */
  readonly now: () => number;
  /** A name is not resolved any more, and its last addresses are used; told once, until it is resolved again. */
  readonly onRemembered: (name: string, error: unknown) => void;
}

/**
 * Resolves names as the machine does, each once at a time, and remembers the last answer: a name server that fails, or says nothing, then
 * harms nobody. It would harm everybody: each lookup that waits holds one of the few threads that also read files.
 */
export class RememberedNames {
  private readonly known = new Map<string, { readonly addresses: LookupAddress[]; readonly atMs: number }>();
  private readonly remembered = new Set<string>();
  private readonly asking = new SingleFlight<LookupAddress[]>();

  constructor(private readonly options: NamesOptions) {}

  /** For `net.connect` and `tls.connect`. */
  readonly lookup: LookupFunction = (name, options, callback) => {
    this.addressesOf(name, options).then(
      (addresses) => {
        const [first] = addresses as [LookupAddress];
        if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    );
  };

  private async addressesOf(name: string, options: LookupOptions): Promise<LookupAddress[]> {
    const key = `${name} ${options.family ?? 0} ${options.hints ?? 0}`;
    const asked = this.asking.run(key, () => this.ask(key, name, options));
    const known = this.known.get(key);
    if (!known || this.options.now() - known.atMs > REMEMBERED_MS) return asked;
    try {
      const addresses = await within(PATIENCE_MS, asked);
      this.remembered.delete(key);
      return addresses;
    } catch (error) {
      if (!this.remembered.has(key)) this.options.onRemembered(name, error);
      this.remembered.add(key);
      return known.addresses;
    }
  }

  private async ask(key: string, name: string, options: LookupOptions): Promise<LookupAddress[]> {
    const addresses = await this.options.ask(name, { ...options, all: true });
    this.known.set(key, { addresses, atMs: this.options.now() });
    return addresses;
  }
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
    void promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
