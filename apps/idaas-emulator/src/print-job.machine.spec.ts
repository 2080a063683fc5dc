import { PrintJob, type PrintRequest } from './print-job.machine.js';
import type { EmulatedPrinter } from './printers.js';

const printer = (behaviour: EmulatedPrinter['behaviour'] = 'prints'): EmulatedPrinter => ({
  record: { id: 'printer', name: 'Printer' },
  behaviour,
});
const job = (request: PrintRequest = {}, behaviour?: EmulatedPrinter['behaviour']) =>
  new PrintJob('id', printer(behaviour), request, 0, { queuedMs: 100, cardMs: 10 });

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

  it('stays queued on a printer that does not answer, and fails on one without ribbon', () => {
    const silent = job({}, 'silent');
    silent.settle(1_000_000);
    expect(silent.status).toBe('QUEUED');
    const failing = job({}, { fails: 'no ribbon' });
    failing.settle(100);
    expect([failing.status, failing.statusDetails]).toEqual(['FAILED', 'no ribbon']);
  });

  it('prints the cards that had left before it was cancelled, and no more', () => {
    const cancelled = job({ printerPreferences: { copies: 5 } });
    cancelled.settle(115);
    cancelled.cancel(115);
    cancelled.settle(10_000);
    expect([cancelled.status, cancelled.cardsAtMs.length]).toEqual(['CANCELLED', 1]);
  });

  describe('with a smart card', () => {
    it('answers commands until it is disconnected, and prints then', () => {
      const talking = job({ smartcard: { commands: [{ type: 'COUPLER', command: 'Connect' }] } });
      talking.settle(100);
      expect([talking.status, talking.responses]).toEqual(['WAITING_SMARTCARD', ['9000']]);
      talking.send(
        [
          { type: 'APDU', command: '00A4', resultMatcher: '9*' },
          { type: 'COUPLER', command: 'disconnect' },
        ],
        200,
      );
      expect([talking.status, talking.responses.length]).toEqual(['IN_PROGRESS', 3]);
    });

    it('fails when the chip answers something else, or nobody talks to it', () => {
      const mismatched = job({
        smartcard: { commands: [{ type: 'APDU', command: '00', resultMatcher: '6*' }] },
      });
      mismatched.settle(100);
      const forgotten = job({ smartcard: {} });
      forgotten.settle(100 + 60_001);
      expect([mismatched.status, forgotten.status]).toEqual(['FAILED', 'FAILED']);
    });
  });
});
