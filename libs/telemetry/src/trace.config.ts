import { baseUrl, Setting } from '#libs/config';

export class TraceConfig {
  @Setting({
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    kind: baseUrl,
    meaning: 'where traces are sent (OpenTelemetry, OTLP over HTTP); without it none are made',
  })
  readonly endpoint?: string;
}
