import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { readText, WatchedFile } from '#libs/config';
import type { TlsFileNames } from './tls-files.config.js';

const BEGIN = '-----BEGIN CERTIFICATE-----';
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/y;

/** The files of certificates do not fit together, or are none. Says which file, and nothing of what stands in it. */
export class TlsFilesFault extends Error {
  override readonly name = 'TlsFilesFault';
}

/** What stands in the files, all of it found to be sound. */
interface TlsMaterial {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Undefined where no file is named: then Node's own certificates hold. */
  readonly context: SecureContext | undefined;
}

/**
 * Certificates and a key from files, which are read again when they change. What is faulty, such as a certificate whose key is still the
 * old one, is refused and said, and what was there before stays. Throws {@link TlsFilesFault} where it is not sound at the start.
 */
export class TlsFiles implements OnApplicationShutdown {
  private readonly log = new Logger('Certificates');
  private readonly files: ReadonlyMap<keyof TlsFileNames, WatchedFile>;
  private readonly listeners: (() => void)[] = [];
  private readonly stopWatching: (() => void)[] = [];
  private material: TlsMaterial;
  private isLookDue = false;

  constructor(
    private readonly names: TlsFileNames,
    pollMs: number,
  ) {
    const named = (['caFile', 'certFile', 'keyFile'] as const).filter((name) => names[name] !== undefined);
    this.files = new Map(named.map((name) => [name, new WatchedFile(names[name] as string, pollMs)]));
    this.material = this.read();
    for (const file of this.files.values())
      this.stopWatching.push(
        file.onChange(
          () => this.lookSoon(),
          (error) => this.refuse(error),
        ),
      );
  }

  get current(): TlsMaterial {
    return this.material;
  }

  /** What connections are opened with now. */
  get secureContext(): SecureContext | undefined {
    return this.material.context;
  }

  onApplicationShutdown(): void {
    this.close();
  }

  /** Calls back when other certificates are in force. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  close(): void {
    this.stopWatching.splice(0).forEach((stop) => stop());
  }

  /** Files that change together are seen in the same turn of the event loop. */
  private lookSoon(): void {
    if (this.isLookDue) return;
    this.isLookDue = true;
    setImmediate(() => {
      this.isLookDue = false;
      this.replace();
    });
  }

  private replace(): void {
    try {
      this.material = this.read();
    } catch (error) {
      return this.refuse(error);
    }
    this.log.log({ files: this.names }, 'changed certificates are in force');
    this.listeners.forEach((listener) => listener());
  }

  private refuse(error: unknown): void {
    const reason = error instanceof Error ? error.message : 'unknown';
    this.log.error({ reason }, 'changed certificates were refused; the old ones stay');
  }

  private read(): TlsMaterial {
    const [ca, cert, key] = (['caFile', 'certFile', 'keyFile'] as const).map((name) => this.textOf(name));
    if (ca !== undefined) requireCertificates(ca, this.names.caFile);
    if (this.files.size === 0) return { ca, cert, key, context: undefined };
    try {
      const context = createSecureContext({
        ...(ca !== undefined && { ca: [...trustedByNode(), ca] }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
      });
      return { ca, cert, key, context };
    } catch (error) {
      const files = Object.values(this.names).filter((name) => name !== undefined);
      throw new TlsFilesFault(`${files.join(', ')}: ${reasonOf(error)}`);
    }
  }

  private textOf(name: keyof TlsFileNames): string | undefined {
    try {
      return this.files.get(name)?.read();
    } catch (error) {
      throw new TlsFilesFault((error as Error).message);
    }
  }
}

/** OpenSSL passes over an authority that it cannot read, and nobody is told. */
function requireCertificates(text: string, file = ''): void {
  const starts = [...text.matchAll(new RegExp(BEGIN, 'g'))].map(({ index }) => index);
  if (starts.length === 0) throw new TlsFilesFault(`${file} holds no certificate (PEM)`);
  const broken = starts.findIndex((start) => !isCertificate(text, start));
  if (broken >= 0)
    throw new TlsFilesFault(`${file}: certificate ${broken + 1} of ${starts.length} cannot be read (PEM)`);
}

function isCertificate(text: string, start: number): boolean {
  CERTIFICATE.lastIndex = start;
  const [block = ''] = CERTIFICATE.exec(text) ?? [];
  try {
    new X509Certificate(block);
    return true;
  } catch {
    return false;
  }
}

/** Node takes a list of authorities for all that are trusted. What `NODE_EXTRA_CA_CERTS` names was read by Node, which says when it could not. */
function trustedByNode(): string[] {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  if (!file) return [...rootCertificates];
  try {
    return [...rootCertificates, readText(file)];
  } catch {
    return [...rootCertificates];
  }
}

/** OpenSSL's words name no secret; its code says what kind of fault it is. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return 'the key is not that of the certificate';
  if (code === 'ERR_MISSING_PASSPHRASE' || /bad decrypt|passphrase/i.test(message))
    return 'the key is encrypted: store it without a passphrase';
  return `no certificate or key that can be read (${code ?? message})`;
}
