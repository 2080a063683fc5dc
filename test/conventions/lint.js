import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';

/** Every check, whatever the others say: who mends one finding sees all of them. They run at the same time, the longest first. */
const CHECKS = [
  ['eslint', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'],
  ['tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['prettier', '--cache', '--check', '--log-level', 'warn', '.'],
  ['knip'],
];

/** What it says is shown in one piece, when it has ended. */
async function check([command, ...words]) {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [out, errors, code] = await Promise.all([buffer(child.stdout), buffer(child.stderr), ended]);
  process.stdout.write(out);
  process.stderr.write(errors);
  if (code !== 0) process.stderr.write(`${command} found something; see above.\n`);
  return code === 0;
}

const passed = await Promise.all(CHECKS.map(check));
process.exit(passed.every(Boolean) ? 0 : 1);
