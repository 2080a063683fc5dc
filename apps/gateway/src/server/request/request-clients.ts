import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { RequestClient } from '#libs/telemetry';
import { forwardedAddress, trustIn, type Trust } from './trusted-proxies.js';

/** What is longer tells nothing more, and would fill the log. */
const MAX_AGENT_LENGTH = 200;

interface Seen extends RequestClient {
  /** The headers that it was found out from. */
  readonly sentAgent: string | undefined;
  readonly sentAddress: string | undefined;
}

/** From where requests come. Worked out once for the requests of one connection that say the same. */
export class RequestClients {
  private readonly trust: Trust;
  private readonly seen = new WeakMap<Socket, Seen>();

  /** With whom `X-Forwarded-For` is believed. Throws where that is no address and no network. */
  constructor(trustProxy: boolean | string) {
    this.trust = trustIn(trustProxy);
  }

  of({ socket, headers }: IncomingMessage): RequestClient {
    const sentAgent = headers['user-agent'];
    const sentAddress = headers['x-forwarded-for'] as string | undefined;
    let seen = this.seen.get(socket);
    if (seen?.sentAgent === sentAgent && seen?.sentAddress === sentAddress && seen) return seen;
    seen = this.look(socket.remoteAddress, sentAgent, sentAddress);
    this.seen.set(socket, seen);
    return seen;
  }

  private look(
    connected: string | undefined,
    sentAgent: string | undefined,
    sentAddress: string | undefined,
  ): Seen {
    const address = connected && forwardedAddress(connected, sentAddress, this.trust);
    const userAgent = sentAgent?.slice(0, MAX_AGENT_LENGTH);
    const json = JSON.stringify({ clientAddress: address, userAgent }).slice(1, -1);
    return { address, userAgent, members: json && `,${json}`, sentAgent, sentAddress };
  }
}
