import { ConfigFaults, loadConfig, unknownSettings, type Config } from '#libs/config';
import { faultsBetweenSettings } from '../../../gateway/src/setting-pairs.js';
import { SETTINGS } from '../../../gateway/src/settings.js';
import { about, type Finding } from '../finding.js';

const say = about('settings');

/** Reads the environment as the gateway does; without `config` where it would not start. */
export function checkSettings(environment: Readonly<Record<string, string | undefined>>): {
  readonly findings: Finding[];
  readonly config?: Config;
} {
  const unknown = unknownSettings(SETTINGS, environment).map((name) =>
    say.warning(`${name} is no setting, and is ignored`, 'Look for its right name in docs/configuration.md.'),
  );
  try {
    const config = loadConfig(SETTINGS, environment, faultsBetweenSettings);
    return { findings: [say.ok('all that are set are sound'), ...unknown], config };
  } catch (error) {
    if (!(error instanceof ConfigFaults)) throw error;
    const faults = error.faults.map((fault) =>
      say.failure(
        fault,
        'Mend it first: nothing else was looked at. docs/configuration.md lists the settings.',
      ),
    );
    return { findings: [...faults, ...unknown] };
  }
}
