import { path, Setting, type CrossChecked } from '#libs/config';

/** The gateway's own TLS, for who runs no proxy before it. */
export class TlsConfig implements CrossChecked {
  @Setting({
    name: 'TLS_CERT_FILE',
    kind: path,
    meaning:
      'the certificate (PEM) of the API, with those between it and its authority; with it the API is served by TLS, as HTTP/2 and HTTP/1.1, and not in the clear; read again when it changes',
  })
  readonly certFile?: string;

  @Setting({
    name: 'TLS_KEY_FILE',
    kind: path,
    meaning: 'the private key (PEM) of that certificate; read again when it changes',
  })
  readonly keyFile?: string;

  faults(): string[] {
    return (this.certFile === undefined) === (this.keyFile === undefined)
      ? []
      : ['TLS_CERT_FILE and TLS_KEY_FILE belong together: set both, or neither'];
  }
}
