import type { ProxyAddress } from '#libs/network';
import type { RunCheck } from '../bounded.js';
import { about, type Finding } from '../finding.js';
import type { WayToUpstream } from '../way-to-upstream.js';
import { networkAdvice } from '../network-advice.js';

const say = about('proxy');

/** Opens a connection to the upstream through the proxy, which resolves its name, and holds its certificate against what is trusted. */
export function checkThroughProxy(
  run: RunCheck,
  baseUrl: string,
  { connect }: WayToUpstream,
  proxy: ProxyAddress,
): Promise<Finding[]> {
  const { hostname: name, host, protocol, port, origin } = new URL(baseUrl);
  const hostname = name.replace(/^\[|\]$/g, '');
  const through = `${proxy.hostname}:${proxy.port}`;
  return run(
    'proxy',
    () =>
      new Promise((resolve) => {
        connect({ hostname, host, protocol, port }, (error, socket) => {
          socket?.destroy();
          if (!error) return resolve([say.ok(`${origin} is reached through the proxy ${through}`)]);
          const { code, advice } = networkAdvice(error);
          const why = error.name === 'ProxyFault' ? error.message : `(${code})`;
          resolve([say.failure(`${origin} is not reached through the proxy ${through}: ${why}`, advice)]);
        });
      }),
  );
}
