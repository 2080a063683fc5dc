import { AuthTlsConfig } from '#libs/auth';
import { FilesConfig, type Config } from '#libs/config';
import { IdaasTlsConfig } from '#libs/idaas';
import { TlsFiles, TlsFilesFault } from '#libs/network';
import { RedisTlsConfig } from '#libs/store';
import { TlsConfig } from '../../../gateway/src/server/tls/tls.config.js';
import { about, type Finding } from '../finding.js';

const say = about('certificates');
const SETS = { IDAAS: IdaasTlsConfig, AUTH: AuthTlsConfig, REDIS: RedisTlsConfig, TLS: TlsConfig };
const SUFFIXES = { caFile: 'CA_FILE', certFile: 'CERT_FILE', keyFile: 'KEY_FILE' };

type CertificateSet = keyof typeof SETS;

/** Reads all files of certificates and keys, as the gateway does at its start; `faulty` are those with which it would not start. */
export function checkCertificates(config: Config): {
  readonly findings: Finding[];
  readonly faulty: ReadonlySet<CertificateSet>;
} {
  const findings: Finding[] = [];
  const faulty = new Set<CertificateSet>();
  for (const set of Object.keys(SETS) as CertificateSet[]) {
    const found = checkSet(set, config);
    if (found?.level === 'failure') faulty.add(set);
    if (found) findings.push(found);
  }
  return { findings, faulty };
}

function checkSet(set: CertificateSet, config: Config): Finding | undefined {
  const files = Object.entries(config.get<object>(SETS[set])).filter(([, file]) => file !== undefined);
  if (files.length === 0) return undefined;
  const settings = files.map(([name]) => `${set}_${SUFFIXES[name as keyof typeof SUFFIXES]}`).join(', ');
  try {
    new TlsFiles(Object.fromEntries(files), config.get(FilesConfig).pollMs).close();
    return say.ok(`${settings} can be used`);
  } catch (error) {
    if (!(error instanceof TlsFilesFault)) throw error;
    const advice =
      'The gateway would not start: look that each file is there and can be read, and holds what its setting asks for, in PEM.';
    return say.failure(`${settings}: ${error.message}`, advice);
  }
}
