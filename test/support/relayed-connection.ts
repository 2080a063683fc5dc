import type { Socket } from 'node:net';
import { RespStream, wordsOfCommand } from './resp.js';

/**
 * What becomes of a command. A lost one takes its connection with it, as a client could not tell which reply is whose otherwise; what came
 * before it on the connection is answered, what comes behind it is lost too. A reply can be held back until something has happened: it is
 * late then, and all behind it.
 */
export type Fate =
  | 'pass'
  | 'request lost'
  | 'reply lost'
  | { readonly beforeReply: () => Promise<unknown> }
  /** It does not reach Redis, and is answered with this error. */
  | { readonly error: string };

/** Decides on a command by its words. As long as it waits the command is late, and all behind it. */
export type Rule = (words: readonly string[]) => Fate | Promise<Fate>;

/** One connection of a client to Redis: its commands and their replies, in order. */
export class RelayedConnection {
  private readonly fates: Fate[] = [];
  /** Nothing is passed on any more: something was lost. */
  private isBroken = false;
  /** Messages are no replies: the client listens to channels. */
  private listens = false;
  private requests: Promise<void> = Promise.resolve();
  private replies: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly rule: Rule,
  ) {
    const [asked, answered] = [new RespStream(), new RespStream()];
    client.setNoDelay();
    server.setNoDelay();
    client.on('data', (piece: Buffer) => {
      for (const message of asked.push(piece))
        this.requests = this.requests.then(() => this.passRequest(message));
    });
    server.on('data', (piece: Buffer) => {
      for (const message of answered.push(piece))
        this.replies = this.replies.then(() => this.passReply(message));
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const)
      one.on('error', () => {}).on('close', () => other.destroy());
  }

  onEnd(listener: () => void): void {
    this.client.once('close', listener);
  }

  break(): void {
    this.isBroken = true;
    this.client.destroy();
    this.server.destroy();
  }

  hold(): void {
    this.client.pause();
    this.server.pause();
  }

  goOn(): void {
    this.client.resume();
    this.server.resume();
  }

  private async passRequest(message: Buffer): Promise<void> {
    if (this.isBroken) return;
    const words = wordsOfCommand(message);
    if (words[0]?.toLowerCase() === 'subscribe') this.listens = true;
    const fate = await this.rule(words);
    if (this.listens) return this.passWhileListening(message, fate);
    if (fate === 'request lost' || fate === 'reply lost') this.isBroken = true;
    this.fates.push(fate);
    if (fate !== 'request lost' && !isError(fate)) this.server.write(message);
    else if (this.fates.length === 1) this.answerWithoutRedis();
  }

  /** There replies cannot be told from messages: what becomes of a command is decided before it is passed on. */
  private passWhileListening(message: Buffer, fate: Fate): void {
    if (isError(fate)) this.client.write(errorReply(fate));
    else if (fate === 'pass') this.server.write(message);
    else if (isLate(fate)) void fate.beforeReply().then(() => this.server.write(message));
    else this.break();
  }

  /** Commands whose turn it is to be answered, and which Redis never saw. */
  private answerWithoutRedis(): void {
    while (isError(this.fates[0])) this.client.write(errorReply(this.fates.shift() as { error: string }));
    if (this.fates[0] === 'request lost') this.break();
  }

  private async passReply(message: Buffer): Promise<void> {
    const fate = this.listens ? 'pass' : (this.fates.shift() ?? 'pass');
    if (isLate(fate)) await fate.beforeReply();
    if (fate === 'reply lost') return this.break();
    this.client.write(message);
    this.answerWithoutRedis();
  }
}

function isError(fate: Fate | undefined): fate is { error: string } {
  return typeof fate === 'object' && 'error' in fate;
}

function isLate(fate: Fate): fate is { beforeReply: () => Promise<unknown> } {
  return typeof fate === 'object' && 'beforeReply' in fate;
}

const errorReply = ({ error }: { error: string }) => `-${error}\r\n`;
