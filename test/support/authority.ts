import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as files. */
export interface Certified {
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority that only its own tests know, and what it certifies; made anew by `openssl` each time. */
export class Authority {
  private readonly directory = mkdtempSync(join(tmpdir(), 'authority-'));
  private count = 0;
  readonly caFile = join(this.directory, 'ca.pem');
  private readonly caKeyFile = join(this.directory, 'ca.key');

  constructor(name = 'Test Authority') {
    this.openssl(
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${name}`, '-keyout', this.caKeyFile, '-out', this.caFile],
    );
  }

  /** Of who is at these names and addresses, or of somebody without any. */
  certify(...names: string[]): Certified {
    const [certFile, keyFile, requestFile] = ['pem', 'key', 'csr'].map((kind) =>
      join(this.directory, `${++this.count}.${kind}`),
    ) as [string, string, string];
    this.openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=test'],
      ...['-keyout', keyFile, '-out', requestFile],
    );
    const alternatives = names.map((name) => (/^[\d.]+$|:/.test(name) ? `IP:${name}` : `DNS:${name}`));
    const extensions = join(this.directory, `${this.count}.ext`);
    writeFileSync(extensions, alternatives.length > 0 ? `subjectAltName=${alternatives.join(',')}\n` : '');
    this.openssl(
      ...['x509', '-req', '-in', requestFile, '-CA', this.caFile, '-CAkey', this.caKeyFile],
      ...['-CAcreateserial', '-days', '2', '-extfile', extensions, '-out', certFile],
    );
    return { certFile, keyFile };
  }

  get ca(): string {
    return readFileSync(this.caFile, 'utf8');
  }

  /** A file that may be written over, with what is in this one. */
  copyOf(file: string): string {
    const copy = join(this.directory, `copy-${++this.count}`);
    copyFileSync(file, copy);
    return copy;
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private openssl(...words: string[]): void {
    execFileSync('openssl', words, { stdio: 'ignore' });
  }
}
