import { text } from 'node:stream/consumers';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  AUTH_SETTINGS,
  AuthModule,
  TokenAuthenticator,
  TrustedIssuers,
  type Principal,
  type RoleClaim,
} from '#libs/auth';
import { ConfigModule, loadConfig } from '#libs/config';
import type { Policy } from '#libs/policy';
import { Problem } from '#libs/problem';
import { createLog, Metrics, TelemetryModule } from '#libs/telemetry';

@Module({})
class CallerModule {}

export interface ExplainedCaller {
  readonly principal: Principal;
  readonly roles: readonly RoleClaim[];
}

/** The caller that a token names, verified as the gateway does it. Throws an error that says why it is not. */
export async function callerOfToken(token: string, policy: Policy): Promise<ExplainedCaller> {
  const presented = (token === '-' ? await text(process.stdin) : token).trim().replace(/^Bearer /i, '');
  const metrics = new Metrics();
  const log = await createLog('silent', metrics);
  const imports = [
    ConfigModule.forRoot(loadConfig(AUTH_SETTINGS, process.env)),
    TelemetryModule.forRoot(log, metrics),
    AuthModule,
  ];
  const context = await NestFactory.createApplicationContext(
    { module: CallerModule, imports },
    { logger: false, abortOnError: false },
  );
  try {
    context.get(TrustedIssuers).replace(policy.issuers);
    const headers = { authorization: `Bearer ${presented}` };
    return await context.get(TokenAuthenticator).explain({ headers });
  } catch (error) {
    throw error instanceof Problem ? new Error(explained(error), { cause: error }) : error;
  } finally {
    await context.close();
  }
}

function explained({ kind, detail, cause }: Problem): string {
  const refusal = `The token would be answered with ${kind.status} ${kind.name}: ${detail}`;
  if (kind.status < 500) return refusal;
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  return `${refusal}\nThe keys of its issuer cannot be had from here${reason}, so it was not verified. Name its roles with --roles instead.`;
}
