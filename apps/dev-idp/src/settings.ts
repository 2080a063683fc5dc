export interface Settings {
  readonly host: string;
  readonly port: number;
  /** The issuer identifier; also the address under which it is reached. */
  readonly issuer: string;
  readonly accessTokenTtlSeconds: number;
}

export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const port = Number(environment.IDP_PORT ?? 4020);
  return {
    host: environment.IDP_HOST ?? '127.0.0.1',
    port,
    issuer: environment.IDP_ISSUER ?? `http://localhost:${port}`,
    accessTokenTtlSeconds: Number(environment.IDP_TOKEN_TTL_SECONDS ?? 3_600),
  };
}
