import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('a process that ends', () => {
  const directory = mkdtempSync(join(tmpdir(), 'print-gateway-'));
  const fifo = join(directory, 'fifo');
  beforeAll(() => execFileSync('mkfifo', [fifo]));
  afterAll(() => rmSync(directory, { recursive: true }));

  const endWhile = (call: string) =>
    spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `import { open, stat } from 'node:fs';
         import { endProcess } from './dist/apps/gateway/src/management/end-process.js';
         process.on('exit', (code) => console.log('last words', code));
         ${call};
         endProcess(3, 0);`,
      ],
      { encoding: 'utf8', timeout: 20_000, killSignal: 'SIGINT' },
    );

  it('waits for a call of the operating system that returns', () => {
    expect(endWhile("stat('.', () => {})")).toMatchObject({ status: 3, stdout: 'last words 3\n' });
  });

  it('is ended by the kernel where one does not, with its last words', () => {
    expect(endWhile(`open('${fifo}', 'r', () => {})`)).toMatchObject({
      signal: 'SIGKILL',
      stdout: 'last words 3\n',
    });
  });
});
