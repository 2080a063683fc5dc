import { generateKeyPairSync } from 'node:crypto';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SignJWT } from 'jose';
import { AUTH_SETTINGS, AuthModule, TokenAuthenticator, TrustedIssuers, type Principal } from '#libs/auth';
import { ConfigModule, loadConfig } from '#libs/config';
import { Problem } from '#libs/problem';
import { createLog, Metrics, TelemetryModule } from '#libs/telemetry';
import { readPolicy } from './policy-file.js';

@Module({})
class TestModule {}

type Members = Readonly<Record<string, unknown>>;

/** Signs tokens of any shape, and shows them to the authenticator under any policy, whose issuers all have the one key. */
export class SignedTokens {
  private readonly keys = generateKeyPairSync('rsa', { modulusLength: 2_048 });

  private constructor(
    private readonly context: Awaited<ReturnType<typeof NestFactory.createApplicationContext>>,
  ) {}

  static async open(environment: Readonly<Record<string, string>> = {}): Promise<SignedTokens> {
    const metrics = new Metrics();
    const imports = [
      ConfigModule.forRoot(loadConfig(AUTH_SETTINGS, environment)),
      TelemetryModule.forRoot(await createLog('silent', metrics), metrics),
      AuthModule,
    ];
    const module = { module: TestModule, imports };
    return new SignedTokens(
      await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false }),
    );
  }

  close(): Promise<void> {
    return this.context.close();
  }

  /** A token with an end, and with whatever else this one has. */
  sign(payload: Members, header: Members = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iat: now, exp: now + 600, ...payload })
      .setProtectedHeader({ alg: 'RS256', ...header })
      .sign(this.keys.privateKey);
  }

  /** The caller, or the detail of the refusal, under this policy. */
  ask(policy: string, token: string): Promise<Principal | string> {
    this.trust(policy);
    return this.present(token);
  }

  /** The same under the policy in force. */
  async present(token: string): Promise<Principal | string> {
    try {
      const headers = { authorization: `Bearer ${token}` };
      return await this.context.get(TokenAuthenticator).authenticate({ headers });
    } catch (error) {
      if (error instanceof Problem) return error.detail;
      throw error;
    }
  }

  /** Whether the caller is known at once, as who asks on the fast path must be. */
  isKnown(token: string): boolean {
    const headers = { authorization: `Bearer ${token}` };
    return !(this.context.get(TokenAuthenticator).authenticate({ headers }) instanceof Promise);
  }

  /** Puts a policy into force, whose files are these. */
  trust(policy: string, files: Readonly<Record<string, string>> = {}): void {
    const { issuers } = readPolicy(policy, '/', (path) => Buffer.from(files[path] ?? ''));
    const pem = this.keys.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const keySource = { kind: 'public-key', file: '', pem } as const;
    this.context
      .get(TrustedIssuers)
      .replace(
        issuers.map((issuer) =>
          issuer.keySource.kind === 'introspection' ? issuer : { ...issuer, keySource },
        ),
      );
  }
}
