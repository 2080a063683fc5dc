import { execFileSync, spawnSync } from 'node:child_process';
import { requireFreshBuild } from './fresh-build.js';
import { startEmulatorHosts } from './shared-emulators.js';
import { startSharedIdp } from './shared-idp.js';

/** What the suites start beside the built programs: a program of each Debian package. */
const NEEDED = new Map([
  ['redis-server', ['redis-server', '--version']],
  ['redis-tools', ['redis-cli', '--version']],
  ['haproxy', ['haproxy', '-v']],
  ['nginx-light', ['nginx', '-v']],
  ['faketime', ['faketime', '--version']],
]);

/** What some tests are skipped without. */
const WANTED = new Map([['prometheus', ['promtool', '--version']]]);

/**
 * These suites start the built programs, as a user does, a real Redis and real proxies; one identity provider serves them all, and each worker has one process
 * for its emulators.
 */
export default async function prepare({ maxWorkers }) {
  requireFreshBuild();
  const missing = missingOf(NEEDED);
  if (missing.length > 0) install(missing);
  installIfPossible(missingOf(WANTED));
  const [idpUrl, emulatorHosts] = await Promise.all([startSharedIdp(), startEmulatorHosts(maxWorkers)]);
  process.env.TEST_IDP_URL = idpUrl;
  process.env.TEST_EMULATOR_HOSTS = emulatorHosts.join();
}

const isInstalled = (program, ...words) => spawnSync(program, words).status === 0;

const missingOf = (programs) =>
  [...programs].filter(([, command]) => !isInstalled(...command)).map(([name]) => name);

function installIfPossible(packages) {
  try {
    if (packages.length > 0) install(packages);
  } catch {
    process.stderr.write(
      `Tests are skipped without Debian's ${packages.join(' ')}: the alerts are not tried.\n`,
    );
  }
}

function install(packages) {
  if (process.getuid?.() !== 0 || !isInstalled('apt-get', '--version')) {
    throw new Error(`The tests need more programs. Debian: apt-get install ${packages.join(' ')}`);
  }
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    execFileSync('apt-get', ['-q', ...words], { stdio: 'ignore', env: environment });
  }
}
