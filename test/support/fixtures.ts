const API = '/api/web/v1';

/** Fixed data: the same in every test, so that a test names only what it is about. */
export const fixtures = {
  /** In the sample policy granted to operators, and of the emulator's printers one that prints. */
  printer: '0b0db90a-6091-416f-8559-2f2181e941c3',
  /** The other one that is granted to operators and prints. */
  secondPrinter: '1c1eca1b-71a2-4270-9660-3f3292fa5002',
  /** Exists upstream; granted to supervisors only. */
  otherPrinter: '1c1eca1b-71a2-4270-9660-3f3292fa5005',
  printerWithoutRibbon: '1c1eca1b-71a2-4270-9660-3f3292fa500c',
  silentPrinter: '1c1eca1b-71a2-4270-9660-3f3292fa5003',
  unknownId: 'ffffffff-ffff-4fff-bfff-ffffffffffff',
  counts: `${API}/printcounts`,
  printers: `${API}/printers`,
  resume: `${API}/print/resume`,
} as const;

export const printPath = (printerId: string = fixtures.printer) => `${API}/printers/${printerId}/print`;

export const statusPath = (printStatusId: string) => `${API}/printers/print/${printStatusId}`;
