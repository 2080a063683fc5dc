import { createPrivateKey, createPublicKey } from 'node:crypto';
import { resolve } from 'node:path';
import { keyAddressFault, keyMisfit, keyWeakness, type IntrospectionSource } from '#libs/auth';
import { secretOf, textOf } from '#libs/config';
import type { Fault, ReadKeyFile } from './issuer-key-source.js';
import type { IntrospectionDocument } from './policy-document.js';

type Client = IntrospectionSource['client'];

interface Place {
  readonly directory: string;
  readonly read: ReadKeyFile;
  readonly fault: Fault;
}

/** Where and as whom an issuer is asked about its tokens; undefined where that is not wanted, or faulty, which is said. */
export function readIntrospection(
  document: IntrospectionDocument | undefined,
  allowHttp: boolean,
  { directory, read, fault: faultOf }: Place,
): IntrospectionSource | undefined {
  if (!document) return undefined;
  const fault: Fault = (field, message) => faultOf(`introspection.${field}`, message);
  const wrong = keyAddressFault(document.endpoint, { allowHttp });
  if (wrong !== undefined)
    fault('endpoint', `tokens are sent there, so it must be an https address: ${wrong}`);
  const client = readClient(document, { directory, read, fault });
  const { endpoint, tokenPrefix } = document;
  return client && { endpoint, allowHttp, tokenPrefix, client };
}

function readClient(document: IntrospectionDocument, place: Place): Client | undefined {
  const { authentication, clientSecretFile, privateKeyFile } = document;
  const isByKey = authentication === 'private_key_jwt';
  const [needed, other] = isByKey
    ? (['privateKeyFile', 'clientSecretFile'] as const)
    : (['clientSecretFile', 'privateKeyFile'] as const);
  if (document[needed] === undefined) return void place.fault(needed, `is needed for ${authentication}`);
  if (document[other] !== undefined) return void place.fault(other, `means nothing to ${authentication}`);
  return isByKey
    ? readKeyClient(document, privateKeyFile as string, place)
    : readSecretClient(document, clientSecretFile as string, place);
}

function readSecretClient(
  { authentication, clientId }: IntrospectionDocument,
  name: string,
  { directory, read, fault }: Place,
): Client | undefined {
  const file = resolve(directory, name);
  try {
    const secret = secretOf(read(file)).toString('utf8');
    if (secret === '') return void fault('clientSecretFile', `is empty: ${file}`);
    return { authentication: authentication as 'client_secret_basic', clientId, secret };
  } catch {
    return void fault('clientSecretFile', `must name a readable file: ${file}`);
  }
}

function readKeyClient(
  { clientId, keyId, algorithm }: IntrospectionDocument,
  name: string,
  { directory, read, fault }: Place,
): Client | undefined {
  const file = resolve(directory, name);
  try {
    const privateKey = textOf(read(file)) ?? '';
    const key = createPublicKey(createPrivateKey(privateKey));
    const misfit = keyWeakness(key) ?? keyMisfit(key, algorithm);
    if (misfit !== undefined) return void fault('privateKeyFile', `${misfit}: ${file}`);
    return { authentication: 'private_key_jwt', clientId, privateKey, algorithm, keyId };
  } catch {
    return void fault('privateKeyFile', `must name a readable private key in PEM form: ${file}`);
  }
}
