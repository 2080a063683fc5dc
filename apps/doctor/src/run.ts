import { examine } from './examine.js';
import { hasFailed } from './finding.js';
import { readOptions } from './options.js';
import { redactedFinding } from './redacted.js';
import { asJson, asText } from './report.js';
import { USAGE, UsageFault } from './usage.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** 0 for a sound installation, perhaps with warnings, 1 for one with a failure, 2 for a command that makes no sense. */
export async function run(words: readonly string[], environment: Environment): Promise<number> {
  try {
    const { help, json, timeoutMs } = readOptions(words);
    if (help) return say(process.stdout, USAGE, 0);
    const { findings: found, secrets } = await examine(environment, timeoutMs);
    const findings = found.map((finding) => redactedFinding(finding, secrets));
    return say(process.stdout, json ? asJson(findings) : asText(findings), hasFailed(findings) ? 1 : 0);
  } catch (error) {
    if (!(error instanceof UsageFault)) throw error;
    return say(process.stderr, `${error.message}\n\n${USAGE}`, 2);
  }
}

function say(stream: NodeJS.WriteStream, text: string, exitCode: number): number {
  stream.write(`${text}\n`);
  return exitCode;
}
