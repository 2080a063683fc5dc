import { PrintJob, type PrintRequest } from './print-job.machine.js';
import { printersOf, type EmulatedPrinter } from './printers.js';

const printer = (behaviour: EmulatedPrinter['behaviour'] = 'prints'): EmulatedPrinter => ({
  record: (printersOf(1)[0] as EmulatedPrinter).record,
  behaviour,
});
const times = { queuedMs: 100, cardMs: 10 };
const job = (request: PrintRequest = {}, behaviour?: EmulatedPrinter['behaviour'], isHeld = false) =>
  new PrintJob('id', printer(behaviour), request, 0, times, isHeld);

describe('PrintJob', () => {
  it('leaves the queue, counts its copies down and is completed', () => {
    const printing = job({ printerPreferences: { copies: 2 } });
    const seen = [99, 100, 109, 110, 120].map(
      (now) => (printing.settle(now), [printing.status, printing.copiesRemaining]),
    );
    expect(seen).toEqual([
      ['QUEUED', 2],
      ['IN_PROGRESS', 2],
      ['IN_PROGRESS', 2],
      ['IN_PROGRESS', 1],
      ['COMPLETED', 0],
    ]);
    expect(printing.cardsAtMs).toEqual([110, 120]);
  });

  it('waits until its printer is free', () => {
    const waiting = job();
    waiting.settle(500, 499);
    expect(waiting.status).toBe('IN_PROGRESS');
    waiting.settle(509, 499);
    expect([waiting.status, waiting.leftPrinterAtMs]).toEqual(['COMPLETED', 509]);
  });

  it('stays queued on a printer that does not answer, and fails with what its printer says', () => {
    const silent = job({}, 'silent');
    silent.settle(1_000_000);
    expect(silent.status).toBe('QUEUED');
    const failing = job({}, { fails: 112 });
    failing.settle(100);
    expect([failing.status, failing.statusDetails]).toEqual(['FAILED', 'Message 112: Card hopper empty.']);
  });

  it('prints the cards that had left before it was cancelled, and no more', () => {
    const cancelled = job({ printerPreferences: { copies: 5 } });
    cancelled.settle(115);
    cancelled.cancel(115);
    cancelled.settle(10_000);
    expect([cancelled.status, cancelled.cardsAtMs.length]).toEqual(['CANCELLED', 1]);
  });

  it('waits until it is resumed where it is held, and is queued then', () => {
    const held = job({}, 'prints', true);
    held.settle(10_000);
    expect(held.status).toBe('AWAITING_PRINT');
    held.resume(10_000);
    held.settle(10_099);
    expect(held.status).toBe('QUEUED');
    held.settle(10_110);
    expect(held.status).toBe('COMPLETED');
  });

  it('is unknown while its printer cannot be asked, and goes on all the same', () => {
    const hidden = job();
    hidden.isOutOfSight = true;
    hidden.settle(100);
    expect(hidden.status).toBe('UNKNOWN');
    hidden.settle(110);
    expect(hidden.status).toBe('COMPLETED');
  });

  describe('with a smart card', () => {
    it('answers commands until it is disconnected, and prints then', () => {
      const talking = job({ smartcard: { commands: [{ type: 'COUPLER', command: 'Connect' }] } });
      expect(talking.takesCommands).toBe(false);
      talking.settle(100);
      expect([talking.status, talking.takesCommands]).toEqual(['WAITING_SMARTCARD', true]);
      expect(talking.responses).toEqual([expect.stringMatching(/^3B[0-9A-F]+$/)]);
      talking.send(
        [
          { type: 'APDU', command: '00A4040C02', resultMatcher: '9*' },
          { type: 'COUPLER', command: 'disconnect' },
        ],
        200,
      );
      expect([talking.status, talking.responses.length]).toEqual(['IN_PROGRESS', 3]);
    });

    it('fails when the chip answers something else, or nobody talks to it', () => {
      const mismatched = job({
        smartcard: { commands: [{ type: 'APDU', command: '00A4040C', resultMatcher: '6*' }] },
      });
      mismatched.settle(100);
      const forgotten = job({ smartcard: {} });
      forgotten.settle(100 + 60_001);
      expect([mismatched.status, forgotten.status]).toEqual(['FAILED', 'FAILED']);
      expect(forgotten.statusDetails).toBe('Message 101: Job could not complete.');
    });
  });
});
