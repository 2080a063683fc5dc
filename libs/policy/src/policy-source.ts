import { dirname } from 'node:path';
import { WatchedFile } from '#libs/config';
import { readPolicy, type Policy } from './policy-file.js';

type Changed = (policy: Policy) => void;
type Failed = (error: unknown) => void;

/** A text of the policy, and the key files that it names, which change by themselves. */
class PolicyText {
  private readonly keyFiles = new Map<string, WatchedFile>();
  private stops: (() => void)[] = [];

  constructor(
    private readonly yaml: string,
    private readonly directory: string,
    private readonly pollMs: number,
  ) {}

  /** Throws `PolicyFaults`. */
  read(): Policy {
    return readPolicy(this.yaml, this.directory, (path) => this.readKeyFile(path));
  }

  watch(changed: () => void, failed: Failed): void {
    this.stops = [...this.keyFiles.values()].map((file) => file.onChange(changed, failed));
  }

  stop(): void {
    this.stops.forEach((stop) => stop());
  }

  private readKeyFile(path: string): Buffer {
    const file = this.keyFiles.get(path) ?? new WatchedFile(path, this.pollMs, 'latin1');
    this.keyFiles.set(path, file);
    return Buffer.from(file.read(), 'latin1');
  }
}

/**
 * The policy file and the key files it names. What was refused is looked at again when one of its key files changes: a key may be
 * put in place after the policy that names it.
 */
export class PolicySource {
  private readonly file: WatchedFile;
  private stopWatching = () => {};
  private inForce: PolicyText | undefined;
  private refused: PolicyText | undefined;

  /** Throws `FileFault`. */
  constructor(
    path: string,
    private readonly pollMs: number,
  ) {
    this.file = new WatchedFile(path, pollMs);
  }

  /** The policy at start. Throws `PolicyFaults`, or the file's own error. */
  read(): Policy {
    this.inForce = this.textOf(this.file.read());
    return this.inForce.read();
  }

  /** Calls back with each sound policy that another file makes, and with the error of each faulty one. */
  watch(changed: Changed, failed: Failed): void {
    this.stopWatching = this.file.onChange((yaml) => this.tryNew(this.textOf(yaml), changed, failed), failed);
    this.watchKeysInForce(changed, failed);
  }

  stop(): void {
    this.stopWatching();
    this.inForce?.stop();
    this.refused?.stop();
  }

  private textOf(yaml: string): PolicyText {
    return new PolicyText(yaml, dirname(this.file.path), this.pollMs);
  }

  private tryNew(text: PolicyText, changed: Changed, failed: Failed): void {
    this.refused?.stop();
    this.refused = undefined;
    const policy = readOr(failed, text);
    if (!policy) {
      this.refused = text;
      return text.watch(() => this.tryNew(text, changed, failed), failed);
    }
    this.inForce?.stop();
    this.inForce = text;
    this.watchKeysInForce(changed, failed);
    changed(policy);
  }

  private watchKeysInForce(changed: Changed, failed: Failed): void {
    const text = this.inForce;
    text?.watch(() => {
      const policy = readOr(failed, text);
      if (policy) changed(policy);
    }, failed);
  }
}

function readOr(failed: Failed, text: PolicyText): Policy | undefined {
  try {
    return text.read();
  } catch (error) {
    return void failed(error);
  }
}
