import { AuthConfig } from '#libs/auth';
import type { Config } from '#libs/config';
import type { Authentication, UpstreamProbe } from '#libs/idaas';
import { about, type Finding } from '../finding.js';
import { networkAdvice } from '../network-advice.js';
import { isOfApi } from '../upstream-answer.js';

const say = about('authenticate');
/** Beyond it, no issuer that keeps time can be set right by a tolerance. */
const MOST_SKEW_MS = 60_000;

/** Authenticates once: a secret that is wrong must not be tried often. */
export async function authenticate(
  probe: UpstreamProbe,
  config: Config,
): Promise<{ readonly findings: Finding[]; readonly token?: NonNullable<Authentication['token']> }> {
  try {
    const { response, token, clock } = await probe.authenticate();
    if (!token) return { findings: [refusal(response)] };
    return { findings: [say.ok('the credentials are accepted'), clockFinding(clock, config)], token };
  } catch (error) {
    const { code, advice } = networkAdvice(error);
    return { findings: [say.failure(`nothing was answered (${code})`, advice)] };
  }
}

function refusal(response: Authentication['response']): Finding {
  const { status } = response;
  if (status === 401) return refused(status);
  if (!isOfApi(response))
    return say.failure(
      `the answer was ${status}, and not one of IDaaS`,
      'A proxy, a firewall or another server answers in its place: look at the host name and at what is between.',
    );
  if (status === 429 || status >= 500)
    return say.failure(`IDaaS answered ${status}`, 'It is busy or failing: try again later.');
  if (status === 404)
    return say.failure('IDaaS answered 404', 'Look at the host name: it must be that of your account.');
  if (status >= 400) return refused(status);
  return say.failure(
    `IDaaS answered ${status} without a token`,
    'Look at the host name and at what is between.',
  );
}

function refused(status: number): Finding {
  return say.failure(
    `IDaaS refuses the credentials (${status})`,
    "Download the application's file in the portal again; look that the application is enabled, and that the host name is that of its account.",
  );
}

function clockFinding(clock: Authentication['clock'], config: Config): Finding {
  const said = about('clock');
  if (!clock)
    return said.warning(
      'IDaaS does not say what time it is',
      'Look at the clock of this machine by yourself.',
    );
  const skewMs = Math.max(0, Math.abs(clock.aheadMs) - clock.uncertaintyMs);
  const toleranceMs = 1000 * config.get(AuthConfig).clockToleranceSeconds;
  const seconds = (Math.abs(clock.aheadMs) / 1000).toFixed(1);
  const shown = `this machine is ${seconds} s ${clock.aheadMs > 0 ? 'behind' : 'ahead of'} IDaaS`;
  if (skewMs === 0) return said.ok('this machine and IDaaS agree on the time, to the second');
  const advice =
    'Set the clock (NTP): access tokens would be taken for expired or not yet valid, by more than AUTH_CLOCK_TOLERANCE_SECONDS.';
  if (skewMs > MOST_SKEW_MS) return said.failure(shown, advice);
  return skewMs > toleranceMs ? said.warning(shown, advice) : said.ok(shown);
}
