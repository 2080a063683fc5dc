import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import {
  AuthConfig,
  certificateThumbprint,
  presentedToken,
  readDpopProof,
  SenderNotProven,
  usesDpopScheme,
  type Principal,
} from '#libs/auth';
import { Store } from '#libs/store';
import { RepeatedLines } from '#libs/telemetry';
import { HttpConfig } from '../server/http.config.js';
import { trustIn, type Trust } from '../server/request/trusted-proxies.js';
import { DpopNonces, NONCE_LIFE_MS } from './dpop-nonces.js';

/** The request as Node has it. */
type RawRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'socket'>;

/** A header of certificates (RFC 9440 §2.2); whoever is no trusted proxy can write anything into it. */
const CERTIFICATE_HEADER = 'client-cert';

/**
 * Holds who presents a token that is bound to its sender to the proof of it: so a token that was stolen is of no use. A proof is taken once,
 * over all gateways; what cannot be checked is refused.
 */
@Injectable()
export class SenderProofs {
  private readonly log = new Logger('SenderProofs');
  private readonly lines = new RepeatedLines(() => performance.now());
  private readonly trust: Trust;

  constructor(
    private readonly http: HttpConfig,
    private readonly auth: AuthConfig,
    private readonly nonces: DpopNonces,
    private readonly store: Store,
  ) {
    this.trust = trustIn(http.trustProxy);
  }

  /**
   * Nothing, at once, for a token that is bound to nobody: `allow` is for the caller to ask. Otherwise `allow` is asked behind all that costs
   * no memory, so that a proof is remembered for requests alone that were counted and granted. Rejects with what `allow` throws, with
   * `SenderNotProven` (401), and with `StoreUnavailable` while it cannot be known whether a proof is new.
   */
  require(raw: RawRequest, { confirmation }: Principal, allow: () => void): Promise<void> | undefined {
    const isDpop = usesDpopScheme(raw);
    if (confirmation === undefined && !isDpop) return undefined;
    return this.check(raw, isDpop, confirmation, allow);
  }

  private async check(
    raw: RawRequest,
    isDpop: boolean,
    confirmation: Principal['confirmation'],
    allow: () => void,
  ): Promise<void> {
    const { jkt, x5t } = confirmation ?? {};
    if (x5t !== undefined) this.requireCertificate(raw, x5t);
    if (isDpop !== (jkt !== undefined))
      throw isDpop
        ? new SenderNotProven(
            'invalid_token',
            'The token is bound to no key: send it as Authorization: Bearer <token>.',
          )
        : new SenderNotProven(
            'invalid_token',
            'The token is bound to a key: send it as Authorization: DPoP <token>, with a DPoP proof.',
          );
    const proof = jkt === undefined ? undefined : await this.soundProof(raw, jkt);
    allow();
    if (proof !== undefined) await this.requireNew(proof);
  }

  /** What names the proof. */
  private async soundProof(raw: RawRequest, jkt: string): Promise<string> {
    const { dpop } = raw.headers;
    if (typeof dpop !== 'string')
      throw new SenderNotProven('invalid_dpop_proof', 'The header DPoP with a proof is missing.');
    const { jti, nonce } = await readDpopProof(dpop, {
      method: raw.method ?? '',
      address: this.origin() + (raw.url ?? ''),
      token: presentedToken(raw),
      jkt,
      clockToleranceSeconds: this.auth.clockToleranceSeconds,
    });
    if (!(await this.nonces.isCurrent(nonce)))
      throw new SenderNotProven('use_dpop_nonce', 'Send a proof with the nonce of the header DPoP-Nonce.', {
        'dpop-nonce': await this.nonces.current(),
      });
    return hash('sha256', `${jkt} ${jti}`, 'base64url');
  }

  private async requireNew(proof: string): Promise<void> {
    if (!(await this.store.setIfAbsent(`dpop:${proof}`, '1', NONCE_LIFE_MS)))
      throw new SenderNotProven(
        'invalid_dpop_proof',
        'The DPoP proof was used before: make a new one for each request.',
      );
  }

  /** Whoever chose the `Host` could choose what a proof is held against: one made for another server would do here. */
  private origin(): string {
    const { publicUrl } = this.http;
    if (publicUrl !== undefined) return publicUrl;
    const why = 'proofs cannot be checked: PUBLIC_URL is not set';
    if (this.lines.isDue(why)) this.log.error(`DPoP ${why}; tokens that are bound to a key are refused`);
    throw new SenderNotProven('invalid_token', `The token is bound to a key, and ${why} at the gateway.`);
  }

  private requireCertificate({ headers, socket }: RawRequest, x5t: string): void {
    const header = headers[CERTIFICATE_HEADER];
    // Who trusts everybody has named no proxy.
    const { trustProxy } = this.http;
    const isFromProxy = trustProxy !== true && this.trust(socket.remoteAddress ?? '');
    if (typeof header === 'string' && isFromProxy && certificateThumbprint(header) === x5t) return;
    throw new SenderNotProven(
      'invalid_token',
      'The token is bound to a client certificate, and no trusted proxy says that it was presented.',
      {},
      'Bearer',
    );
  }
}
