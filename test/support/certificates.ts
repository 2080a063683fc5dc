import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of a certificate and its key, in PEM form. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Makes certificates with `openssl`, into a folder. */
export class Certificates {
  /** Of an authority that nobody trusts who is not told to. */
  readonly authority: Certificate;

  constructor(private readonly directory: string) {
    this.authority = this.filesOf('authority');
    const { cert, key } = this.authority;
    const words = ['-x509', '-days', '30', '-subj', '/CN=test authority', '-keyout', key, '-out', cert];
    openssl([], 'req', ...NEW_KEY, ...words);
  }

  /** Signed by the authority, for these hosts: `DNS:name` or `IP:address`. `madeAt` moves the clock for it: `2020-01-01`. */
  of(name: string, hosts: readonly string[], madeAt?: string): Certificate {
    const files = this.filesOf(name);
    const [request, extensions] = [join(this.directory, `${name}.csr`), join(this.directory, `${name}.ext`)];
    writeFileSync(extensions, `subjectAltName=${hosts.join(',')}\n`);
    openssl([], 'req', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', files.key, '-out', request);
    const { cert, key } = this.authority;
    const by = ['-CA', cert, '-CAkey', key, '-CAcreateserial', '-extfile', extensions];
    const clock = madeAt === undefined ? [] : ['faketime', madeAt];
    openssl(clock, 'x509', '-req', '-in', request, ...by, '-days', '30', '-out', files.cert);
    return files;
  }

  private filesOf(name: string): Certificate {
    return { cert: join(this.directory, `${name}.pem`), key: join(this.directory, `${name}.key`) };
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function openssl(before: readonly string[], ...words: string[]): void {
  const [program = '', ...rest] = [...before, 'openssl', ...words];
  execFileSync(program, rest, { stdio: 'ignore' });
}
