import { about, type Finding } from './finding.js';

const SIGNAL_SHARE = 0.9;

/** What a check does. The signal comes a little before its time is over, so that it can say itself what hangs. */
type Look = (signal: AbortSignal) => Promise<Finding[]> | Finding[];

/** Runs a check: what it finds, or that it did not end in time, or broke. */
export type RunCheck = (check: string, look: Look) => Promise<Finding[]>;

/** Gives each check so long, whatever hangs in it. */
export const boundedBy =
  (timeoutMs: number): RunCheck =>
  (check, look) =>
    new Promise((resolve) => {
      const tooLate = about(check).failure(
        `did not end within ${timeoutMs / 1000} s`,
        'Something takes what is sent and does not answer: look at what is between, or allow more with --timeout.',
      );
      const timer = setTimeout(() => resolve([tooLate]), timeoutMs);
      const end = (findings: Finding[]) => {
        clearTimeout(timer);
        resolve(findings);
      };
      const looking = (async () => look(AbortSignal.timeout(SIGNAL_SHARE * timeoutMs)))();
      looking.then(end, (error: unknown) => end([broken(check, error)]));
    });

/** What is found, or that the looking broke: nothing that one part throws keeps what the others found from being told. */
export async function guarded<T extends { readonly findings: Finding[] }>(
  check: string,
  look: () => T | Promise<T>,
): Promise<Partial<T> & Pick<T, 'findings'>> {
  try {
    return await look();
  } catch (error) {
    return { findings: [broken(check, error)] } as Partial<T> & Pick<T, 'findings'>;
  }
}

function broken(check: string, error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return about(check).failure(`could not be looked at: ${reason}`, 'Report it, with this line.');
}
