import { path, Setting, type CrossChecked, type SettingsClass } from '#libs/config';

/** Which files hold the certificates for one party; each is undefined where Node's own suffice, or none is shown. */
export interface TlsFileNames {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** The settings of the certificates with which `whom` is reached: `<prefix>_CA_FILE`, `<prefix>_CERT_FILE`, `<prefix>_KEY_FILE`. */
export function tlsFilesConfig(prefix: string, whom: string): SettingsClass<TlsFileNames> {
  class TlsFilesConfig implements TlsFileNames, CrossChecked {
    @Setting({
      name: `${prefix}_CA_FILE`,
      kind: path,
      meaning: `certificates (PEM) of the authorities that ${whom} may be certified by, besides those that Node trusts; read again when it changes`,
    })
    readonly caFile?: string;

    @Setting({
      name: `${prefix}_CERT_FILE`,
      kind: path,
      meaning: `the certificate (PEM) that the gateway shows to ${whom}, with those between it and its authority; read again when it changes`,
    })
    readonly certFile?: string;

    @Setting({
      name: `${prefix}_KEY_FILE`,
      kind: path,
      meaning: `the private key (PEM) of that certificate; read again when it changes`,
    })
    readonly keyFile?: string;

    faults(): string[] {
      return (this.certFile === undefined) === (this.keyFile === undefined)
        ? []
        : [`${prefix}_CERT_FILE and ${prefix}_KEY_FILE belong together: set both, or neither`];
    }
  }
  return TlsFilesConfig;
}
