/** One command to the chip or to the coupler that holds it. */
export interface Command {
  readonly type: 'APDU' | 'COUPLER';
  readonly command: string;
  readonly resultMatcher?: string;
}

/** The chip answers every command with the status word 9000 ("done", ISO/IEC 7816-4 §5.6). */
const DONE = '9000';

export function answerCommands(commands: readonly Command[]): { responses: string[]; mismatch: boolean } {
  const responses = commands.map(() => DONE);
  const mismatch = commands.some(
    ({ resultMatcher }) => resultMatcher !== undefined && !matches(DONE, resultMatcher),
  );
  return { responses, mismatch };
}

/** Whether this command gives the card back. */
export function ends({ type, command }: Command): boolean {
  return type === 'COUPLER' && command.toLowerCase() === 'disconnect';
}

function matches(response: string, matcher: string): boolean {
  return new RegExp(`^${matcher.replaceAll('*', '.*')}$`, 'i').test(response);
}
