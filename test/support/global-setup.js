import { existsSync } from 'node:fs';

/** These suites start the built programs, as a user does. */
export default function requireBuild() {
  if (!existsSync('dist/apps/gateway/src/main.js'))
    throw new Error('Run `npm run build` first: there is no build to test.');
}
