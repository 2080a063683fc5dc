/** A proxy in C, one thread: the signature is checked each time, answers come from its own cache. */
export const haproxyConfig = (port: number, originPort: number, publicKeyFile: string, issuer: string) => `
global
  nbthread 1
  maxconn 4096

defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s

cache answers
  total-max-size 64
  max-age 600

frontend gateway
  bind 127.0.0.1:${port}
  http-request set-var(txn.token) http_auth_bearer
  http-request deny deny_status 401 unless { var(txn.token),jwt_header_query('$.alg') -m str RS256 }
  http-request deny deny_status 401 unless { var(txn.token),jwt_payload_query('$.iss') -m str ${issuer} }
  http-request deny deny_status 401 unless { var(txn.token),jwt_verify('RS256',"${publicKeyFile}") -m int 1 }
  http-request del-header authorization
  http-request cache-use answers
  http-response cache-store answers
  default_backend upstream

backend upstream
  server origin 127.0.0.1:${originPort}
`;
