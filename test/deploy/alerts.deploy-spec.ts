import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { ALERT_CASES, type AlertCase } from './alert-cases.js';

interface Alert {
  alert: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const RULES = 'deploy/prometheus/alerts.yaml';
const { groups } = parse(readFileSync(RULES, 'utf8')) as {
  groups: { rules: (Partial<Alert> & { expr: string })[] }[];
};
const alerts = groups
  .flatMap(({ rules }) => rules)
  .filter((rule): rule is Alert & { expr: string } => 'alert' in rule);
const directory = mkdtempSync(join(tmpdir(), 'alerts-'));
const promtool = (...words: string[]) => spawnSync('promtool', words, { encoding: 'utf8' });
const isThere = promtool('--version').status === 0;

afterAll(() => rmSync(directory, { recursive: true }));

/** One test of promtool: under these series the alert fires at this time, or does not. */
function testOf(
  { alert, labels, annotations }: Alert,
  { at, interval = '1m', labels: more }: AlertCase,
  series: Record<string, string>,
  fires: boolean,
) {
  const { severity = '' } = labels;
  const fired = { exp_labels: { severity, ...more }, exp_annotations: annotations };
  return {
    interval,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: fires ? [fired] : [] }],
  };
}

it('each alert has a case in which it fires, and one in which it does not', () => {
  expect(Object.keys(ALERT_CASES).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
});

(isThere ? describe : describe.skip)(
  'alerts (skipped where promtool, of Debian’s package prometheus, cannot be had)',
  () => {
    it('are rules that Prometheus takes', () => {
      expect(promtool('check', 'rules', RULES)).toMatchObject({ status: 0, stderr: '' });
    });

    it.each(alerts)('$alert fires when it should, and is silent when it should', (alert) => {
      const cases = ALERT_CASES[alert.alert] ?? [];
      const tests = cases.flatMap((each) => [
        testOf(alert, each, each.fires, true),
        testOf(alert, each, each.silent, false),
      ]);
      const file = join(directory, `${alert.alert}.json`);
      writeFileSync(
        file,
        JSON.stringify({
          rule_files: [resolve(RULES)],
          evaluation_interval: cases[0]?.interval ?? '1m',
          tests,
        }),
      );
      const { stdout, stderr } = promtool('test', 'rules', file);
      expect(`${stdout}${stderr}`.replace(/Unit Testing:.*/, '').trim()).toBe('SUCCESS');
    });
  },
);
