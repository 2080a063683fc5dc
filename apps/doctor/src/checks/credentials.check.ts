import type { Config } from '#libs/config';
import {
  CredentialsFault,
  IdaasConfig,
  readCredentials,
  readPortalFile,
  type Credentials,
} from '#libs/idaas';
import { about, type Finding } from '../finding.js';

const say = about('credentials');
const FOR_THIS_MACHINE = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/;

/** Reads the credentials as the gateway does; without them where it would not start. */
export function checkCredentials(config: Config): {
  readonly findings: Finding[];
  readonly credentials?: Credentials;
} {
  const idaas = config.get(IdaasConfig);
  const file = idaas.credentialsFile;
  try {
    const credentials = readCredentials(idaas, file === undefined ? undefined : readPortalFile(file));
    return { findings: findingsOf(credentials, file), credentials };
  } catch (error) {
    if (!(error instanceof CredentialsFault)) throw error;
    const advice =
      "Download the application's file in the portal again, and set IDAAS_CREDENTIALS_FILE to its path.";
    return { findings: [say.failure(error.message, advice)] };
  }
}

function findingsOf({ baseUrl, applicationId }: Credentials, file: string | undefined): Finding[] {
  const read = say.ok(`application ${applicationId} at ${baseUrl}, by ${file ?? 'the environment'}`);
  if (baseUrl.startsWith('https:') || FOR_THIS_MACHINE.test(baseUrl)) return [read];
  const open = say.warning(
    `${baseUrl} is plain http: the shared secret can be read on the way`,
    'Take https into IDAAS_BASE_URL.',
  );
  return [read, open];
}
