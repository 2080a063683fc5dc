import { spawnSync } from 'node:child_process';

/** Every check, whatever the others say: who mends one finding sees all of them. */
const CHECKS = [
  ['eslint', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.'],
  ['prettier', '--cache', '--check', '--log-level', 'warn', '.'],
  ['knip'],
];
const failed = CHECKS.filter(([command, ...words]) => {
  const { status, error } = spawnSync(command, words, { stdio: 'inherit' });
  if (error) throw error;
  return status !== 0;
});
for (const [command] of failed) process.stderr.write(`${command} found something; see above.\n`);
process.exit(failed.length > 0 ? 1 : 0);
