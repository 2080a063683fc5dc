import { jest } from '@jest/globals';
import { LogBatches } from './log-batches.js';
import type { LogOutput, Written } from './log-output.js';

const LINE = `{"msg":"${'x'.repeat(990)}"}\n`;
const MAX_KEPT_BYTES = 4.5 * 1024 * 1024;

/** An output that takes what it is told to take. */
class FakeOutput implements LogOutput {
  text = '';
  /** How many bytes of each write are taken; undefined to take none. */
  takes: number | undefined = Infinity;
  code = 'EAGAIN';
  tries = 0;

  write(bytes: Uint8Array, done: Written): void {
    this.tries += 1;
    if (this.takes === undefined) return done(0, Object.assign(new Error(this.code), { code: this.code }));
    done(this.writeNow(bytes.subarray(0, this.takes)));
  }

  writeNow(bytes: Uint8Array): number {
    this.text += Buffer.from(bytes).toString();
    return bytes.length;
  }
}

describe('the lines of the log', () => {
  let output: FakeOutput;
  let dropped: number;
  let lines: LogBatches;
  beforeEach(() => {
    jest.useFakeTimers();
    output = new FakeOutput();
    dropped = 0;
    lines = new LogBatches(output, (count) => (dropped += count));
  });
  afterEach(() => jest.useRealTimers());

  const written = () => output.text.trimEnd().split('\n');

  it('are written together, after a while or when asked to', () => {
    lines.write('{"n":1}\n');
    lines.write('{"n":2}\n');
    expect(output.text).toBe('');
    jest.advanceTimersByTime(100);
    expect(output.text).toBe('{"n":1}\n{"n":2}\n');
    lines.write('{"n":3}\n');
    lines.flush();
    expect(written()).toHaveLength(3);
  });

  it('are whole and in order, however little the output takes at a time', () => {
    output.takes = 7;
    for (let n = 0; n < 300; n += 1) lines.write(`{"n":${n},"text":"äöü€"}\n`);
    lines.flush();
    expect(written().map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(
      Array.from({ length: 300 }, (_, n) => n),
    );
  });

  it('are written when they are longer than a batch', () => {
    const long = `${'€'.repeat(100_000)}\n`;
    lines.write('before\n');
    lines.write(long);
    lines.write('after\n');
    lines.flush();
    expect(output.text).toBe(`before\n${long}after\n`);
  });

  it.each(['EAGAIN', 'ENOSPC', 'EPIPE'])(
    'give way from the oldest on while the output fails with %s, and it is said how many',
    (code) => {
      output.takes = undefined;
      output.code = code;
      const count = 20_000;
      for (let n = 0; n < count; n += 1) lines.write(LINE.replace('x', `${n}.`));
      expect(dropped).toBeGreaterThan(10_000);
      output.takes = Infinity;
      jest.advanceTimersByTime(1_100);
      expect(Buffer.byteLength(output.text)).toBeLessThan(MAX_KEPT_BYTES);
      expect(output.text).toContain(`"msg":"${dropped} lines were dropped`);
      expect(written()).toHaveLength(count - dropped + 1);
      const gap = written().findIndex((line) => line.includes('lines were dropped'));
      expect([written()[0], written()[gap + 1], written().at(-1)]).toEqual([
        expect.stringContaining('"0.x'),
        expect.stringContaining(`"${gap + dropped}.x`),
        expect.stringContaining(`"${count - 1}.x`),
      ]);
      expect(new Set(written()).size).toBe(written().length);
    },
  );

  it('are tried again now and then, not with each line, while the disk is full', () => {
    output.takes = undefined;
    output.code = 'ENOSPC';
    for (let n = 0; n < 5_000; n += 1) lines.write(LINE);
    jest.advanceTimersByTime(10_000);
    expect(output.tries).toBeLessThan(15);
  });
});
