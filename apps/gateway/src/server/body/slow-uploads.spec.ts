import { jest } from '@jest/globals';
import { SlowUploads } from './slow-uploads.js';

describe('an upload', () => {
  let uploads: SlowUploads;
  beforeEach(() => {
    jest.useFakeTimers();
    uploads = new SlowUploads({ idleMs: 10_000, bytesPerSecond: 1_000 });
  });
  afterEach(() => {
    uploads.close();
    jest.useRealTimers();
  });

  /** How many seconds it lasts that sends so much, so often. */
  function secondsOf(bytes: number, everySeconds: number, forSeconds: number): number {
    const stop = jest.fn();
    const upload = uploads.begin(stop);
    for (let second = 1; second <= forSeconds; second += 1) {
      jest.advanceTimersByTime(1_000);
      if (stop.mock.calls.length > 0) return second;
      if (second % everySeconds === 0)
        Object.assign(upload, { lastMs: performance.now(), bytes: upload.bytes + bytes });
    }
    uploads.end(upload);
    return Infinity;
  }

  it('may be slow for as long as it needs', () => {
    expect(secondsOf(9_000, 9, 7_200)).toBe(Infinity);
  });

  it('ends when it is silent', () => {
    expect(secondsOf(1_000_000, 11, 100)).toBeLessThan(12);
  });

  it('ends when it sends a byte now and then', () => {
    expect(secondsOf(1, 9, 7_200)).toBeLessThan(63);
  });

  it('is looked at no more when it has ended', () => {
    const stop = jest.fn();
    uploads.end(uploads.begin(stop));
    jest.advanceTimersByTime(100_000);
    expect(stop).not.toHaveBeenCalled();
  });
});
