import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** These suites start the built programs, as a user does, and a real Redis. */
export default function prepare() {
  if (!existsSync('dist/apps/gateway/src/main.js'))
    throw new Error('Run `npm run build` first: there is no build to test.');
  if (!isInstalled('redis-server') || !isInstalled('redis-cli')) installRedis();
}

const isInstalled = (program) => spawnSync(program, ['--version']).status === 0;

function installRedis() {
  if (process.getuid?.() !== 0 || !isInstalled('apt-get')) {
    throw new Error(
      'The tests need redis-server and redis-cli: install them (Debian: apt-get install redis-server).',
    );
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', 'redis-server']]) {
    execFileSync('apt-get', ['-q', ...words], { stdio: 'ignore', env: environment });
  }
}
