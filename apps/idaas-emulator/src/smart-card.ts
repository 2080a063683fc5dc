import { createHash } from 'node:crypto';

/** One command to the chip or to the coupler that holds it. */
export interface Command {
  readonly type: 'APDU' | 'COUPLER';
  readonly command: string;
  readonly resultMatcher?: string;
}

/** Status words (ISO/IEC 7816-4 §5.6). */
const DONE = '9000';
const WRONG_LENGTH = '6700';
const UNKNOWN_INSTRUCTION = '6D00';

/** Answer to reset (ISO/IEC 7816-3 §8) of a card with the protocols T=0 and T=1. */
const ATR = '3B8180018080';
/** A file's control information, as SELECT gives it back (ISO/IEC 7816-4 §7.4). */
const FCI = '6F108408A000000003000000A5049F6501FF';

/** The class of the command that the vendor's document has for an example. */
const VENDOR_CLASS = 'FD';
const MIN_APDU_DIGITS = 8;

/** What the chip, or the coupler, answers to each command, and whether one answer is another than was expected. */
export function answerCommands(commands: readonly Command[]): { responses: string[]; mismatch: boolean } {
  const responses = commands.map(answerTo);
  const mismatch = commands.some(
    ({ resultMatcher }, at) => resultMatcher !== undefined && !matches(responses[at] ?? '', resultMatcher),
  );
  return { responses, mismatch };
}

/** Whether this command gives the card back. */
export function ends({ type, command }: Command): boolean {
  return type === 'COUPLER' && command.toLowerCase() === 'disconnect';
}

function answerTo({ type, command }: Command): string {
  if (type === 'COUPLER') return ['connect', 'reset'].includes(command.toLowerCase()) ? ATR : DONE;
  if (command.length < MIN_APDU_DIGITS || command.length % 2 === 1) return WRONG_LENGTH;
  return answerToApdu(command.toUpperCase());
}

type Answer = (apdu: string) => string;

const done: Answer = () => DONE;
/** These commands say at their end how many bytes they want. */
const data: Answer = (apdu) => bytesOf(apdu, bytesWanted(apdu)) + DONE;

/** By the instruction byte of a command APDU (ISO/IEC 7816-4 §5.4); what is read is the same whenever the same is asked for. */
const INSTRUCTIONS: Readonly<Record<string, Answer>> = {
  // SELECT; with this P2 nothing is to be given back.
  A4: (apdu) => (apdu.slice(6, 8) === '0C' ? DONE : FCI + DONE),
  // GET CHALLENGE, READ BINARY, READ RECORD, GET DATA.
  ...{ '84': data, B0: data, B2: data, CA: data },
  // VERIFY, EXTERNAL AUTHENTICATE, UPDATE BINARY, UPDATE RECORD, PUT DATA.
  ...{ '20': done, '82': done, D6: done, DC: done, DA: done },
  // INTERNAL AUTHENTICATE.
  '88': (apdu) => bytesOf(apdu, 8) + DONE,
};

function answerToApdu(apdu: string): string {
  if (apdu.startsWith(VENDOR_CLASS)) return DONE;
  return INSTRUCTIONS[apdu.slice(2, 4)]?.(apdu) ?? UNKNOWN_INSTRUCTION;
}

function bytesWanted(apdu: string): number {
  const wanted = apdu.length > MIN_APDU_DIGITS ? parseInt(apdu.slice(-2), 16) : 0;
  return wanted === 0 ? 256 : wanted;
}

function bytesOf(seed: string, count: number): string {
  return createHash('shake256', { outputLength: count }).update(seed).digest('hex').toUpperCase();
}

function matches(response: string, matcher: string): boolean {
  return new RegExp(`^${matcher.replaceAll('*', '.*')}$`, 'i').test(response);
}
