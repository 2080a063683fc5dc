import { buildVersion } from '#libs/telemetry';
import { hasFailed, type Finding, type Level } from './finding.js';

const COLUMN = 20;

/** One line for each finding, and below it what to do; a summary at the end. */
export function asText(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ check, level, message, advice }) => [
    `${level.padEnd(9)}${check.padEnd(COLUMN)}${oneLine(message)}`,
    ...(advice === undefined ? [] : [`${' '.repeat(9 + COLUMN)}→ ${oneLine(advice)}`]),
  ]);
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  return [...lines, '', `${count('failure')} failure(s), ${count('warning')} warning(s)`].join('\n');
}

export function asJson(findings: readonly Finding[]): string {
  return JSON.stringify({ version: buildVersion(), isSound: !hasFailed(findings), findings }, null, 2);
}

/** What others wrote must not look like lines of the report, nor move the cursor. */
function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- what moves the cursor of a terminal
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ');
}
