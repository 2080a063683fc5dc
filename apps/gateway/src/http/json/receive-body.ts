import type { IncomingMessage } from 'node:http';
import { MalformedRequest } from '#libs/problem';

/** Called with each piece of a body, as it arrives. What it throws ends the reading. */
export type TakeChunk = (chunk: Buffer) => void;

/** Reads a body to its end. Rejects with what `take` threw, or with what broke off. */
export function receiveBody(raw: IncomingMessage, take: TakeChunk): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      raw.off('data', onData).off('end', settle).off('error', onError).off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onData = (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        settle(error as Error);
      }
    };
    const onError = (cause: Error) => settle(brokenOff(cause));
    const onClose = () => settle(brokenOff());
    if (raw.destroyed) return onClose();
    raw.on('data', onData).on('end', settle).on('error', onError).on('close', onClose);
  });
}

function brokenOff(cause?: Error): MalformedRequest {
  return new MalformedRequest({ detail: 'The body was broken off.', cause });
}
