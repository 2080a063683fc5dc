import { AuditConfig } from '#libs/audit';
import { FilesConfig, loadConfig, type Config } from '#libs/config';
import { TlsFiles } from '#libs/network';
import { RedisInventory, redisTarget, RedisTlsConfig, StoreConfig, type RedisTarget } from '#libs/store';
import { eraseAll, staysOf, type Erased } from './erasure.js';
import { logToStandardError } from './log-to-standard-error.js';
import { readOptions, type ForgetOptions } from './options.js';
import { Person } from './person.js';
import { recordErasure } from './record-erasure.js';
import { report } from './report.js';
import { openStore } from './open-store.js';
import { USAGE, UsageFault } from './usage.js';

interface Forgotten {
  readonly erased: Erased;
  readonly line: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** 0 when nothing of the person is left, or nothing was to be erased; 1 when it failed, 2 for a command that makes no sense, 3 when something stays. */
export async function run(words: readonly string[], environment: Environment): Promise<number> {
  if (['--help', '-h', 'help'].includes(words[0] ?? '')) return say(USAGE, 0);
  try {
    const options = readOptions(words);
    const config = loadConfig([StoreConfig, RedisTlsConfig, FilesConfig, AuditConfig], environment);
    logToStandardError();
    const { erased, line } = await forget(options, config);
    process.stdout.write([report(options, erased), line, ''].filter((text) => text !== undefined).join('\n'));
    return options.erases && staysOf(erased) > 0 ? 3 : 0;
  } catch (error) {
    if (error instanceof UsageFault) return say(`${error.message}\n\n${USAGE}`, 2);
    return say(error instanceof Error ? error.message : String(error), 1);
  }
}

/** What was found; and, where it was erased, the line of the audit that says so. */
async function forget({ sought, erases }: ForgetOptions, config: Config): Promise<Forgotten> {
  const settings = config.get(StoreConfig);
  const certificates = new TlsFiles(config.get(RedisTlsConfig), config.get(FilesConfig).pollMs);
  const target = requireShared(redisTarget(settings, () => certificates.secureContext));
  const inventory = await RedisInventory.open(target, settings);
  const store = await openStore(target, settings);
  try {
    const erased = await eraseAll({ inventory, store, person: new Person(sought), erases }).catch(brokenOff);
    return { erased, line: erases ? await recordErasure(erased, store, config.get(AuditConfig)) : undefined };
  } finally {
    certificates.close();
    inventory.close();
    await store.close();
  }
}

function requireShared(redis: RedisTarget | undefined): RedisTarget {
  if (redis) return redis;
  throw new Error(
    'REDIS_URL is not set. Set it as for the gateways; a gateway without it keeps all of a person in its own memory, until it stops.',
  );
}

function brokenOff(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(`${reason}\nWhat was erased so far stays erased: run it again for the rest.`, {
    cause: error,
  });
}

function say(text: string, exitCode: number): number {
  (exitCode === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  return exitCode;
}
