import './v8-flags.js';
import { Logger } from '@nestjs/common';
import { ConfigFaults, loadConfig, unknownSettings } from '#libs/config';
import { CredentialsFault } from '#libs/idaas';
import { TlsFilesFault } from '#libs/network';
import { PolicyFaults } from '#libs/policy';
import { createGateway } from './create-gateway.js';
import { FastPathIncomplete } from './fast-path/fast-path.check.js';
import { GatewayConfig } from './gateway.config.js';
import { listeningHost } from './server/listening-host.js';
import { ShutdownDeadline } from './management/shutdown-deadline.js';
import { StopConfig } from './management/stop.config.js';
import { releaseStartMemory } from './release-start-memory.js';
import { faultsBetweenSettings } from './setting-pairs.js';
import { SETTINGS } from './settings.js';

/** Misspelt settings are ignored as all other variables are; said at the start, and where it fails, maybe because of them. */
const unknown = unknownSettings(SETTINGS, process.env).join(', ');

try {
  const config = loadConfig(SETTINGS, process.env, faultsBetweenSettings);
  const stop = new ShutdownDeadline(config.get(StopConfig)).listen();
  const app = await createGateway(config);
  stop.by(() => app.close());
  if (unknown)
    new Logger('Settings').warn(
      `the environment has variables that are no settings, and are ignored: ${unknown}`,
    );
  releaseStartMemory();
  const { port, host } = config.get(GatewayConfig);
  await app.listen(port, await listeningHost(host));
} catch (error) {
  process.stderr.write(`${startFault(error)}\n`);
  if (unknown) process.stderr.write(`No settings, and ignored: ${unknown}\n`);
  process.exit(1);
}

/** What stops a start, in words where it is the operator's to mend, with a stack where it is ours. */
function startFault(error: unknown): string {
  const isOperators = [ConfigFaults, PolicyFaults, CredentialsFault, TlsFilesFault, FastPathIncomplete].some(
    (kind) => error instanceof kind,
  );
  if (isOperators || (error as NodeJS.ErrnoException).syscall) return (error as Error).message;
  return error instanceof Error ? String(error.stack) : String(error);
}
