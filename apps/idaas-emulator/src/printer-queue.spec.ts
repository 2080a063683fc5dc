import { PrintJob, type PrintRequest } from './print-job.machine.js';
import { PrinterQueue } from './printer-queue.js';
import { printersOf, type EmulatedPrinter } from './printers.js';

describe('PrinterQueue', () => {
  let queue: PrinterQueue;
  beforeEach(() => (queue = new PrinterQueue(printersOf(1)[0] as EmulatedPrinter)));

  const submit = (request: PrintRequest = {}) => {
    const job = new PrintJob('id', queue.printer, request, 0, { queuedMs: 100, cardMs: 10 });
    queue.add(job);
    return job;
  };
  const statuses = (jobs: readonly PrintJob[]) => jobs.map(({ status }) => status);

  it('prints five jobs one after another', () => {
    const jobs = Array.from({ length: 5 }, () => submit());
    queue.settle(125);
    expect(statuses(jobs)).toEqual(['COMPLETED', 'COMPLETED', 'IN_PROGRESS', 'QUEUED', 'QUEUED']);
    queue.settle(1_000);
    expect(jobs.flatMap(({ cardsAtMs }) => cardsAtMs)).toEqual([110, 120, 130, 140, 150]);
  });

  it('passes by a job that was cancelled, and lets none pass one that talks to its chip', () => {
    const [first, talking, last] = [submit(), submit({ smartcard: {} }), submit()];
    first.cancel(50);
    queue.settle(5_000);
    expect(statuses([first, talking, last])).toEqual(['CANCELLED', 'WAITING_SMARTCARD', 'QUEUED']);
    talking.cancel(5_000);
    queue.settle(5_009);
    expect(last.status).toBe('IN_PROGRESS');
    queue.settle(5_010);
    expect(last.cardsAtMs).toEqual([5_010]);
  });

  it('is busy while it prints, and counts its cards and what they take', () => {
    submit({ printerPreferences: { copies: 3 } });
    const before = queue.record;
    queue.settle(120);
    expect(queue.record).toMatchObject({
      status: 'BUSY',
      cardsPrinted: before.cardsPrinted + 2,
      cardsRemaining: before.cardsRemaining - 2,
      ribbonRemaining: before.ribbonRemaining - 0.4,
    });
    queue.settle(1_000);
    expect(queue.record).toMatchObject({ status: 'IDLE', cardsPrinted: before.cardsPrinted + 3 });
  });

  it('fails its jobs with what it was told to say, until it is told otherwise', () => {
    queue.say(112);
    const failing = submit();
    queue.settle(200);
    expect(failing.statusDetails).toBe('Message 112: Card hopper empty.');
    queue.say(undefined);
    const job = submit();
    queue.settle(1_000);
    expect(job.status).toBe('COMPLETED');
  });

  it('is supplied anew whenever something is used up', () => {
    submit({ printerPreferences: { copies: 1_000 } });
    queue.settle(1_000_000);
    const { cardsRemaining, ribbonRemaining } = queue.record;
    expect(cardsRemaining).toBeGreaterThan(0);
    expect(ribbonRemaining).toBeGreaterThan(0);
  });
});
