import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { TestEnvironment } from '../support/test-environment.js';

interface Compose {
  services: Record<
    string,
    {
      environment?: Record<string, string>;
      build?: { target: string };
      command?: string[];
      volumes?: string[];
      stop_grace_period?: string;
    }
  >;
}
const text = (path: string) => readFileSync(path, 'utf8');
const yaml = (path: string) => parse(text(path), { merge: true }) as unknown;
const names = (pattern: RegExp, from: string) => [...from.matchAll(pattern)].map(([, name]) => name ?? '');

/** Every variable of the gateway stands in the sample file; a test of its own holds that file complete. */
const settings = new Set(names(/^#([A-Z_]+)=/gm, text('.env.example')));
const isSetting = (name: string) => settings.has(name) || settings.has(name.replace(/_FILE$/, ''));
const dockerfile = text('Dockerfile');
const compose = yaml('docker-compose.yml') as Compose;

describe('the Dockerfile', () => {
  it('copies what there is', () => {
    const sources = names(/^COPY (?!--from)(.+) \S+$/gm, dockerfile).flatMap((line) => line.split(' '));
    expect(sources.length).toBeGreaterThan(5);
    for (const source of sources) expect([source, existsSync(source)]).toEqual([source, true]);
    const ignored = text('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    for (const source of sources) expect(ignored).toContain(`!${source}`);
  });

  it('runs what is built, asks for what is served, and has no shell', () => {
    const [entry] = names(/^CMD \["(dist\/[^"]+)"\]$/gm, dockerfile);
    expect(existsSync(entry ?? '')).toBe(true);
    expect(dockerfile).toContain('http://127.0.0.1:3001/health/live');
    expect(dockerfile).toMatch(/^FROM gcr\.io\/distroless\/nodejs\d+-debian12:nonroot@\S+ AS gateway$/m);
  });

  it('labels the image with the version of the project', () => {
    const { version } = JSON.parse(text('package.json')) as { version: string };
    expect(names(/^ARG VERSION=(\S+)$/gm, dockerfile)).toEqual([version]);
    expect(dockerfile).toContain('org.opencontainers.image.version="$VERSION"');
  });

  it('names each base image by its digest, so that the same text builds the same image', () => {
    const stages = names(/^FROM \S+ AS (\S+)$/gm, dockerfile);
    const images = names(/^FROM (\S+) AS /gm, dockerfile).filter((image) => !stages.includes(image));
    expect(images.length).toBeGreaterThan(1);
    for (const image of images) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  });
});

describe('docker-compose.yml', () => {
  const services = Object.entries(compose.services);

  it('sets only what the programs know', () => {
    const emulator = text('apps/idaas-emulator/src/settings.ts');
    const idp = text('apps/dev-idp/src/settings.ts');
    for (const [name, { environment = {} }] of services)
      for (const variable of Object.keys(environment)) {
        const isKnown =
          { emulator: emulator.includes(variable), idp: idp.includes(variable) }[name] ?? isSetting(variable);
        expect([name, variable, isKnown]).toEqual([name, variable, true]);
      }
  });

  it('builds targets, runs programs and mounts files that there are', () => {
    for (const [, { build, command, volumes = [] }] of services) {
      if (build) expect(dockerfile).toContain(` AS ${build.target}\n`);
      for (const part of command ?? [])
        if (part.startsWith('dist/')) expect([part, existsSync(part)]).toEqual([part, true]);
      for (const volume of volumes) {
        const [host = ''] = volume.replace(/\$\{\w+:-([^}]+)\}/, '$1').split(':');
        if (host.startsWith('.')) expect([host, existsSync(host)]).toEqual([host, true]);
      }
    }
  });

  it('leaves the gateways the time that they take to stop', () => {
    const [deadlineMs] = names(/^#STOP_DEADLINE_MS=(\d+)$/gm, text('.env.example'));
    for (const gateway of ['gateway-1', 'gateway-2'])
      expect(parseInt(String(compose.services[gateway]?.stop_grace_period)) * 1000).toBeGreaterThan(
        Number(deadlineMs),
      );
  });

  it('has a demo whose variables are used and whose files exist', () => {
    for (const [name = '', value = ''] of text('deploy/demo/demo.env')
      .trim()
      .split('\n')
      .map((line) => line.split('='))) {
      expect(text('docker-compose.yml')).toContain(`\${${name}:-`);
      if (value.startsWith('.')) expect([value, existsSync(value)]).toEqual([value, true]);
    }
  });

  it('asks the gateways behind the proxy whether they are ready', () => {
    const haproxy = text('deploy/haproxy/haproxy.cfg');
    expect(haproxy).toContain('GET /health/ready');
    for (const gateway of ['gateway-1', 'gateway-2']) {
      expect(Object.keys(compose.services)).toContain(gateway);
      expect(haproxy).toContain(`server ${gateway} ${gateway}:3000`);
    }
  });
});

describe('alerts and dashboard', () => {
  const METRIC = /\b((?:print_gateway|nodejs|process)_[a-z0-9_]+)/g;
  let served: string;
  beforeAll(async () => {
    const env = await TestEnvironment.open();
    await env.as('olga').get('/api/web/v1/printcounts');
    await env.as('victor').delete('/api/web/v1/printers/print/ffffffff-ffff-4fff-bfff-ffffffffffff');
    served = await env.gateway(0).metrics();
    await env.close();
  });

  it.each(['deploy/prometheus/alerts.yaml', 'deploy/grafana/print-gateway.json'])(
    '%s asks for metrics that are served',
    (path) => {
      const asked = new Set(names(METRIC, text(path)));
      expect(asked.size).toBeGreaterThan(5);
      const missing = [...asked].filter((name) => !new RegExp(`^${name}[ {]`, 'm').test(served));
      expect(missing).toEqual([]);
    },
  );

  it('ask in each panel of the dashboard for something that is served', () => {
    const { panels } = JSON.parse(text('deploy/grafana/print-gateway.json')) as {
      panels: { title: string; targets: { expr: string }[] }[];
    };
    for (const { title, targets } of panels)
      for (const { expr } of targets) {
        const asked = names(METRIC, expr);
        expect([title, asked.length]).not.toEqual([title, 0]);
        for (const name of asked)
          expect([title, new RegExp(`^${name}[ {]`, 'm').test(served)]).toEqual([title, true]);
      }
  });

  it('have a section on what to do for each alert', () => {
    const operations = text('docs/operations.md');
    const alerts = names(/alert: (\w+)/g, text('deploy/prometheus/alerts.yaml'));
    expect(alerts.length).toBeGreaterThan(5);
    for (const alert of alerts) {
      expect(operations).toContain(`### ${alert}\n`);
      expect(text('deploy/prometheus/alerts.yaml')).toContain(`docs/operations.md#${alert.toLowerCase()}`);
    }
  });
});
