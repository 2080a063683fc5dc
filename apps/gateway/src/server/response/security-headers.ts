import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

const describe = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  // CORS decides who may read. The others are about documents and downloads, or about browsers that are gone.
  crossOriginResourcePolicy: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/** What browsers are told of every answer: that it is data and nothing else. Never another, so helmet is asked once, at the start. */
export function securityHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => void (headers[name.toLowerCase()] = value),
    removeHeader: () => {},
  };
  describe({} as IncomingMessage, response as unknown as ServerResponse, () => {});
  return headers;
}
