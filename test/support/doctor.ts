import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIALS, Emulator } from './emulator.js';
import { IdentityProvider } from './identity-provider.js';
import { Program } from './program.js';

export interface Finding {
  check: string;
  level: 'ok' | 'warning' | 'failure';
  message: string;
  advice?: string;
}

/** A password of Redis, which no report may show. */
export const PASSWORD = 'pass%word-of-redis';

/** A sound installation without Redis, for the doctor to look at; each test makes something of it worse. */
export class Installation {
  readonly directory = mkdtempSync(join(tmpdir(), 'doctor-'));
  readonly environment: Record<string, string>;

  private constructor(readonly emulator: Emulator) {
    const credentials = { ...CREDENTIALS, hostname: 'unused.example.com' };
    this.environment = {
      POLICY_FILE: this.file('policy.yaml', this.policy()),
      IDAAS_BASE_URL: emulator.url,
      IDAAS_CREDENTIALS_FILE: this.file('credentials.json', JSON.stringify(credentials)),
    };
  }

  static async open(): Promise<Installation> {
    return new Installation(await Emulator.start());
  }

  async close(): Promise<void> {
    await this.emulator.stop();
    rmSync(this.directory, { recursive: true });
  }

  /** The sample policy, with the identity provider of all tests. */
  policy(): string {
    const idp = IdentityProvider.ofAllTests().url;
    return readFileSync('config/policy.yaml', 'utf8').replace('http://localhost:4020', idp);
  }

  file(name: string, text: string): string {
    writeFileSync(join(this.directory, name), text);
    return join(this.directory, name);
  }

  /** Runs the doctor with these settings too. Whatever it says, it says no secret. */
  async doctor(environment: Record<string, string> = {}, ...words: string[]) {
    const program = new Program('doctor', { ...this.environment, ...environment }, { words });
    const code = await program.ended();
    const secrets = [CREDENTIALS.sharedSecret, PASSWORD, encodeURIComponent(PASSWORD)];
    for (const secret of [...secrets, ...(await this.emulator.tokens())])
      expect(program.output).not.toContain(secret);
    return { code, output: program.output };
  }

  /** Its findings; whether the installation is sound must follow from them. */
  async findings(environment: Record<string, string> = {}, ...words: string[]): Promise<Finding[]> {
    const { code, output } = await this.doctor(environment, '--json', ...words);
    const { isSound, findings } = JSON.parse(output) as { isSound: boolean; findings: Finding[] };
    const hasFailed = findings.some(({ level }) => level === 'failure');
    expect([isSound, code]).toEqual([!hasFailed, hasFailed ? 1 : 0]);
    return findings;
  }
}

/** A finding, as `toContainEqual` takes it. What is not ok comes with what to do. */
export const said = (check: string, level: Finding['level'], message: RegExp): unknown =>
  expect.objectContaining({
    ...{ check, level, message: expect.stringMatching(message) },
    ...(level === 'ok' ? {} : { advice: expect.stringMatching(/./) }),
  });

export const worse = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== 'ok');
