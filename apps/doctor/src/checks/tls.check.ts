import {
  connect,
  type ConnectionOptions,
  type PeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { about, type Finding } from '../finding.js';
import { networkAdvice } from '../network-advice.js';

const say = about('tls');
const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** Opens a connection as the gateway does, and looks at the certificate: its chain, its name, its end. */
export async function checkTls(
  address: string,
  secureContext: SecureContext | undefined,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { protocol, hostname, port, origin } = new URL(address);
  if (protocol !== 'https:') return [];
  const host = hostname.replace(/^\[|\]$/g, '');
  try {
    const socket = await opened({ host, port: Number(port || 443), secureContext }, signal);
    const finding = judged(origin, socket);
    socket.destroy();
    return [finding];
  } catch (error) {
    const { code, advice } = networkAdvice(error);
    return [say.failure(`${origin} cannot be connected to (${code})`, advice)];
  }
}

/** Whatever certificate is shown: what is wrong with it is looked at afterwards. */
function opened(target: ConnectionOptions & { host: string }, signal: AbortSignal): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...target,
      servername: target.host,
      rejectUnauthorized: false,
      signal,
    } as never);
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function judged(origin: string, socket: TLSSocket): Finding {
  const certificate = socket.getPeerCertificate();
  const shown = `${origin} shows a certificate of ${nameOf(certificate.subject)} by ${nameOf(certificate.issuer)}`;
  if (!socket.authorized) {
    const { code, advice } = networkAdvice({ code: String(socket.authorizationError) });
    return say.failure(`${shown}, which is refused (${code})`, advice);
  }
  const days = Math.floor((Date.parse(certificate.valid_to) - Date.now()) / DAY_MS);
  const sound = `${shown}, good for ${days} more day(s), over ${socket.getProtocol()}`;
  if (days >= SOON_DAYS) return say.ok(sound);
  return say.warning(sound, 'Look whether whoever runs that server renews it in time.');
}

const nameOf = (holder: PeerCertificate['subject'] | undefined) =>
  String(holder?.CN ?? holder?.O ?? 'nobody');
