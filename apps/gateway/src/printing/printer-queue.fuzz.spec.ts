import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import type { PrinterId } from '#libs/contract';
import type { Wanted } from './simulation/simulated-gateway-in-test.js';
import type { Act, Plan } from './simulation/simulated-installation-in-test.js';
import type { Mishap, Passage } from './simulation/simulated-link-in-test.js';
import { ENDS, type SimulatedCall } from './simulation/simulated-upstream-in-test.js';

// What waits by promises waits by the simulated clock too.
jest.unstable_mockModule('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms)),
}));
const { GATEWAYS, Installation } = await import('./simulation/simulated-installation-in-test.js');

Logger.overrideLogger(false);

const PRINTERS = ['a', 'b'].map((name) => `00000000-0000-4000-8000-00000000000${name}` as PrinterId);
const mishaps = fc.record<Mishap>({
  does: fc.constantFrom('stop', 'suspend', 'crash', 'be deaf'),
  ms: fc.constantFrom(100, 12_000, 40_000, 140_000, 140_000),
});
const prints = fc.record<Wanted>({
  key: fc.constantFrom('k1', 'k2', 'k3'),
  printerId: fc.constantFrom(...PRINTERS),
  isKeyed: fc.constantFrom(true, true, true, false),
});
const acts = fc.record<Act>({
  gateway: fc.nat({ max: GATEWAYS - 1 }),
  does: fc.oneof(prints, prints, prints, mishaps),
  afterMs: fc.constantFrom(0, 1, 2, 3, 5, 10, 300, 5_000, 40_000),
});
const passages = fc.record<Passage>({
  loses: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'request', 'reply'),
  requestMs: fc.constantFrom(0, 1, 1, 1, 20, 300, 15_000),
  replyMs: fc.constantFrom(0, 1, 1, 1, 20, 300),
  befalls: fc.oneof({ arbitrary: fc.constant(undefined), weight: 8 }, { arbitrary: mishaps, weight: 1 }),
});
const calls = fc.record<SimulatedCall>({
  ends: fc.constantFrom(...ENDS),
  arrivesInMs: fc.constantFrom(0, 5, 2_000),
  endsInMs: fc.constantFrom(0, 20, 3_000, 20_000, 100_000),
});
const plans = fc.record<Plan>({
  acts: fc.array(acts, { minLength: 1, maxLength: 14 }),
  passages: fc.array(passages, { maxLength: 80 }),
  calls: fc.array(calls, { maxLength: 10 }),
  lists: fc.array(fc.boolean(), { maxLength: 6 }),
  connects: fc.array(fc.constantFrom(0, 1, 300, 15_000), { maxLength: 10 }),
});

describe('printers behind gateways that stop, die and lose what they say', () => {
  it('have one submission open at most, print each key once, and are free again in the end', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const installation = new Installation(plan);
        installation.time.install();
        try {
          await installation.run(plan);
          await installation.expectAllSettled();
        } finally {
          installation.time.uninstall();
        }
      }),
      // Each is some minutes of three gateways.
      { numRuns: Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 4) },
    );
  });
});
