export { readNetwork } from './network.js';
export { outboundConnector } from './outbound-connector.js';
export { proxyAddress, type ProxyAddress } from './proxy-address.js';
export { ProxyConfig, type ProxyFor } from './proxy.config.js';
export { TlsFiles, TlsFilesFault } from './tls-files.js';
export { tlsFilesConfig } from './tls-files.config.js';
export { TunnelAgent } from './tunnel-agent.js';
export { ProxyFault } from './tunnel.js';
