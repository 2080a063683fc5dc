import type { IncomingMessage } from 'node:http';
import type { BodyShare } from './body-budget.js';
import { brokenOff } from './body.problems.js';
import type { SlowUploads } from './slow-uploads.js';

/** Called with each piece of a body, as it arrives. What it throws ends the reading. */
export type OnChunk = (chunk: Buffer) => void;

/**
 * Reads a body to its end. Rejects with what `onChunk` threw, with `RequestTooSlow`, with `Overloaded` when its share went to others, or
 * with what broke off.
 */
export function readBody(
  raw: IncomingMessage,
  uploads: SlowUploads,
  share: BodyShare,
  onChunk: OnChunk,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      raw.off('data', onData).off('end', settle).off('error', onError).off('close', onClose);
      uploads.end(upload);
      share.endUpload();
      if (error) reject(error);
      else resolve();
    };
    const upload = uploads.begin(settle);
    share.beginUpload(upload);
    const onData = (chunk: Buffer) => {
      upload.lastMs = performance.now();
      upload.bytes += chunk.length;
      try {
        onChunk(chunk);
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
