/** What Prometheus sees, in its notation for series: `0+5x20` is 0, and five more each time, for twenty times. */
export interface AlertCase {
  /** Under which it fires, and when it is looked at. */
  readonly fires: Record<string, string>;
  readonly at: string;
  /** Under which it stays silent at that time. */
  readonly silent: Record<string, string>;
  /** How often a number is read, and the rules are; each minute when left out. */
  readonly interval?: string;
  /** Labels of the alert beside its severity. */
  readonly labels?: Record<string, string>;
}

const gauge = (name: string, wrong: string, right: string, at: string): AlertCase => ({
  fires: { [`print_gateway_${name}{instance="a"}`]: right, [`print_gateway_${name}{instance="b"}`]: wrong },
  at,
  silent: { [`print_gateway_${name}{instance="a"}`]: right, [`print_gateway_${name}{instance="b"}`]: right },
});
const counter = (name: string, at: string): AlertCase => ({
  fires: { [`print_gateway_${name}`]: '0x5 1x60' },
  at,
  // It happened once, long ago.
  silent: { [`print_gateway_${name}`]: '1x200' },
});

const COUNT = 'print_gateway_request_duration_seconds_count';
const print = (status: number) =>
  `${COUNT}{method="POST",route="/api/web/v1/printers/:printerId/print",status="${status}"}`;
const read = (status: number) =>
  `${COUNT}{method="GET",route="/api/web/v1/printers/print/:printStatusId",status="${status}"}`;
const bucket = (method: string, le: string) =>
  `print_gateway_request_duration_seconds_bucket{method="${method}",route="/api/web/v1/printcounts",status="200",le="${le}"}`;

const REFUSED = 'credentials_refused';
const HALF_HOURS = 3 * 24 * 2;

/** For each alert. A number of cases of one alert are tried apart. */
export const ALERT_CASES: Record<string, AlertCase[]> = {
  PrintGatewayCredentialsRefused: [gauge(REFUSED, '1x10', '0x10', '5m')],
  PrintGatewayUpstreamDown: [gauge('circuit_open', '1x10', '0 1 0 1 0 1 0 1 0 1', '5m')],
  PrintGatewayRedisAway: [gauge('redis_up', '0x10', '1x10', '5m')],
  PrintGatewayRedisUnusable: [
    {
      fires: { print_gateway_redis_up: '1x10', print_gateway_redis_usable: '0x10' },
      at: '5m',
      // Then the alert before is enough.
      silent: { print_gateway_redis_up: '0x10', print_gateway_redis_usable: '0x10' },
    },
  ],
  PrintGatewayUnexpectedErrors: [counter('unexpected_errors_total{kind="rejection"}', '10m')],
  PrintGatewayLogDropped: [counter('log_lines_dropped_total', '10m')],
  PrintGatewayUnknownOutcomes: [gauge('unknown_outcomes', '1x30', '0x30', '20m')],
  PrintGatewayResolutionOff: [gauge('resolution_off', '1x30', '0x30', '20m')],
  PrintGatewayLateJobs: [counter('late_jobs_total', '10m')],
  PrintGatewayIssuerKeysOld: [
    {
      fires: { 'print_gateway_issuer_keys_age_seconds{issuer="https://id"}': '0+60x60' },
      at: '40m',
      silent: { 'print_gateway_issuer_keys_age_seconds{issuer="https://id"}': '900x60' },
      labels: { issuer: 'https://id' },
    },
  ],
  PrintGatewayPrintsFail: [
    {
      // 347 of 347 within seven minutes, while reads are fine.
      fires: { [print(200)]: '100x10', [print(503)]: '0+50x10', [read(200)]: '0+1000x10' },
      at: '7m',
      silent: { [print(200)]: '0+50x10', [print(403)]: '0+50x10', [read(503)]: '0+1000x10' },
      labels: { slo: 'prints' },
    },
    {
      // One in a hundred, for six hours; and an hour of it that is over since an hour.
      fires: { [print(200)]: '0+99x400', [print(502)]: '0+1x400' },
      at: '6h',
      silent: { [print(200)]: '0+99x400', [print(502)]: '0x240 0+1x60 60x200' },
      labels: { slo: 'prints' },
    },
  ],
  PrintGatewayPrintsFailSlowly: [
    {
      fires: { [print(200)]: `0+998x${HALF_HOURS}`, [print(504)]: `0+2x${HALF_HOURS}` },
      at: '3d',
      interval: '30m',
      silent: { [print(200)]: `0+9995x${HALF_HOURS}`, [print(504)]: `0+5x${HALF_HOURS}` },
      labels: { slo: 'prints' },
    },
  ],
  PrintGatewayReadsFail: [
    {
      fires: { [read(200)]: '0+98x20', [read(500)]: '0+2x20', [print(200)]: '0+50x20' },
      at: '15m',
      silent: { [read(200)]: '0+98x20', [read(404)]: '0+2x20', [print(503)]: '0+50x20' },
      labels: { slo: 'reads' },
    },
  ],
  PrintGatewayReadsFailSlowly: [
    {
      fires: { [read(200)]: `0+999x${HALF_HOURS}`, [read(504)]: `0+1x${HALF_HOURS}` },
      at: '3d',
      interval: '30m',
      silent: { [read(200)]: `0+9998x${HALF_HOURS}`, [read(504)]: `0+2x${HALF_HOURS}` },
      labels: { slo: 'reads' },
    },
  ],
  PrintGatewaySlow: [
    {
      fires: {
        [bucket('GET', '2.5')]: '0+90x30',
        [bucket('GET', '5')]: '0+100x30',
        [bucket('GET', '+Inf')]: '0+100x30',
      },
      at: '25m',
      // Prints may be slow.
      silent: {
        [bucket('GET', '1')]: '0+100x30',
        [bucket('GET', '+Inf')]: '0+100x30',
        [bucket('POST', '5')]: '0+100x30',
      },
    },
  ],
  PrintGatewayCallsWait: [gauge('upstream_waiting', '101x10', '100x10', '8m')],
  PrintGatewayUnwritten: [gauge('unwritten', '1x10', '0x10', '8m')],
};
