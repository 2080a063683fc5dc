export type Level = 'ok' | 'warning' | 'failure';

/** One line of the report. */
export interface Finding {
  /** What was looked at. */
  readonly check: string;
  readonly level: Level;
  readonly message: string;
  /** What to do; absent where nothing is to be done. */
  readonly advice?: string;
}

/** Findings of one check. */
export const about = (check: string) => ({
  ok: (message: string): Finding => ({ check, level: 'ok', message }),
  warning: (message: string, advice: string): Finding => ({ check, level: 'warning', message, advice }),
  failure: (message: string, advice: string): Finding => ({ check, level: 'failure', message, advice }),
});

export const hasFailed = (findings: readonly Finding[]): boolean =>
  findings.some(({ level }) => level === 'failure');
