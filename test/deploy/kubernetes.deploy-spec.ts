import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { TestEnvironment } from '../support/test-environment.js';
import { kustomize, type Manifest } from './kustomize.js';

type Labels = Record<string, string>;
interface Port {
  name: string;
  containerPort: number;
}
interface Probe {
  path: string;
  port: string;
}
interface Container {
  image: string;
  ports: Port[];
  env: { name: string; value: string }[];
  volumeMounts: { name: string; mountPath: string }[];
  resources: { requests: Labels; limits: Labels };
  startupProbe: { httpGet: Probe };
  livenessProbe: { httpGet: Probe };
  readinessProbe: { httpGet: Probe };
  securityContext: object;
}
interface Workload extends Manifest {
  spec: {
    replicas?: number;
    selector: { matchLabels: Labels };
    template: {
      metadata: { labels: Labels };
      spec: {
        terminationGracePeriodSeconds: number;
        topologySpreadConstraints?: { labelSelector: { matchLabels: Labels } }[];
        containers: [Container];
        volumes: { name: string; configMap?: { name: string } }[];
      };
    };
  };
}
interface Rule {
  ports: { port: number | string; protocol: string }[];
}

/** What each kind is asked for beside its `apiVersion`; a kind that is not named here is not known to this test. */
const VERSIONS: Labels = {
  Deployment: 'apps/v1',
  Service: 'v1',
  ConfigMap: 'v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  PodDisruptionBudget: 'policy/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  ServiceMonitor: 'monitoring.coreos.com/v1',
};
const SMALL = ['ConfigMap', 'Deployment', 'NetworkPolicy', 'Service', 'ServiceMonitor'];
const HA = [...SMALL, 'HorizontalPodAutoscaler', 'PodDisruptionBudget'].sort();

const text = (path: string) => readFileSync(path, 'utf8');
const settings = new Set([...text('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name]) => name));
const isIn = (labels: Labels, all: Labels) =>
  Object.keys(labels).length > 0 && Object.entries(labels).every(([name, value]) => all[name] === value);
const covers = (rules: Rule[], port: number | string, protocol = 'TCP') =>
  rules.some(({ ports }) => ports.some((each) => each.port === port && each.protocol === protocol));

/** With lists of named things in the order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 0));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
const nameOf = (value: unknown) => {
  const {
    kind = '',
    name = '',
    metadata,
  } = value as { kind?: string; name?: string; metadata?: { name: string } };
  return `${kind}${name}${metadata?.name}`;
};

describe.each([
  ['small', SMALL],
  ['ha', HA],
])('the overlay %s', (overlay, kinds) => {
  const folder = `deploy/kubernetes/overlays/${overlay}`;
  const manifests = kustomize(folder);
  const specOf = (kind: string) => manifests.find((each) => each.kind === kind)?.spec as never;
  const { replicas, selector, template } = specOf('Deployment') as Workload['spec'];
  const { labels } = template.metadata;
  const {
    containers,
    volumes,
    terminationGracePeriodSeconds,
    topologySpreadConstraints = [],
  } = template.spec;
  const [container] = containers;
  const portNames = container.ports.map(({ name }) => name);

  const isRendererThere = spawnSync('kubectl', ['kustomize', '--help']).status === 0;
  (isRendererThere ? it : it.skip)(
    'renders as `kubectl kustomize` does (skipped where there is no kubectl)',
    () => {
      const { stdout } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
      const rendered = parseAllDocuments(stdout).map((document) => document.toJS() as unknown);
      expect(sorted(rendered)).toEqual(sorted(manifests));
    },
  );

  it('is made of the kinds that it needs, in their versions, all of one name', () => {
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(kinds);
    for (const { kind, apiVersion } of manifests) expect([kind, apiVersion]).toEqual([kind, VERSIONS[kind]]);
    const named = new Set(manifests.map(({ metadata }) => metadata.name));
    expect([...named].sort()).toEqual(['print-gateway', 'print-gateway-policy']);
  });

  it('selects the pods of the gateway, and no others, wherever something is selected', () => {
    const selectors: Labels[] = [
      selector.matchLabels,
      (specOf('Service') as { selector: Labels }).selector,
      (specOf('NetworkPolicy') as { podSelector: { matchLabels: Labels } }).podSelector.matchLabels,
      ...topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
    ];
    if (overlay === 'ha')
      selectors.push((specOf('PodDisruptionBudget') as Workload['spec']).selector.matchLabels);
    for (const each of selectors) expect([each, isIn(each, labels)]).toEqual([each, true]);
    const { matchLabels } = (specOf('ServiceMonitor') as Workload['spec']).selector;
    const service = manifests.find(({ kind }) => kind === 'Service');
    expect(isIn(matchLabels, service?.metadata.labels ?? {})).toBe(true);
  });

  it('names ports that the container has', () => {
    const { ports } = specOf('Service') as { ports: { name: string; targetPort: string }[] };
    const { ingress } = specOf('NetworkPolicy') as { ingress: Rule[] };
    const { endpoints } = specOf('ServiceMonitor') as { endpoints: Probe[] };
    for (const { targetPort } of ports) expect(portNames).toContain(targetPort);
    for (const { port } of ingress.flatMap((rule) => rule.ports)) expect(portNames).toContain(port);
    for (const { port } of endpoints) expect(ports.map(({ name }) => name)).toContain(port);
  });

  it('lets the gateway reach names, Redis, sentinels, the upstream and a collector, and nothing in but the API and the monitoring', () => {
    const policy = specOf('NetworkPolicy') as {
      policyTypes: string[];
      ingress: (Rule & { from?: object[] })[];
      egress: Rule[];
    };
    expect(policy.policyTypes).toEqual(['Ingress', 'Egress']);
    for (const [port, protocol] of [
      [53, 'UDP'],
      [53, 'TCP'],
      [6379, 'TCP'],
      [26379, 'TCP'],
      [443, 'TCP'],
      [4318, 'TCP'],
    ] as const)
      expect([port, covers(policy.egress, port, protocol)]).toEqual([port, true]);
    expect(policy.egress.every(({ ports }) => ports.length > 0)).toBe(true);
    const open = policy.ingress.filter(({ from }) => from === undefined);
    expect(open.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual(['http']);
  });

  it('says as many gateways as it means, and lets nodes be emptied', () => {
    if (overlay === 'small') return void expect(replicas).toBe(1);
    expect(replicas).toBeUndefined();
    expect(specOf('HorizontalPodAutoscaler')).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: 'print-gateway' },
      minReplicas: 2,
    });
    expect(specOf('PodDisruptionBudget')).toMatchObject({ maxUnavailable: 1 });
    expect(container.env).toContainEqual({ name: 'REDIS_MIN_REPLICAS', value: '1' });
  });

  it('sets only what the gateway knows, to files that are mounted from volumes that there are', () => {
    const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
    for (const { name, value } of container.env) {
      expect([name, settings.has(name) || settings.has(name.replace(/_FILE$/, ''))]).toEqual([name, true]);
      if (value.startsWith('/')) expect(mounts.some((mount) => value.startsWith(`${mount}/`))).toBe(true);
    }
    const volumeNames = volumes.map(({ name }) => name).sort();
    expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(volumeNames);
    const configMaps = manifests
      .filter(({ kind }) => kind === 'ConfigMap')
      .map(({ metadata }) => metadata.name);
    expect(configMaps).toEqual(volumes.flatMap(({ configMap }) => configMap?.name ?? []));
  });

  it('runs a named version, with memory for it, as nobody, and without a right to write', () => {
    const { version } = JSON.parse(text('package.json')) as { version: string };
    expect(container.image).toBe(`registry.example.com/print-gateway:${version}`);
    expect(container.resources).toMatchObject({ requests: { memory: '256Mi' }, limits: { memory: '512Mi' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('leaves the gateway the time that it takes to stop', () => {
    const deadlineMs = /^#STOP_DEADLINE_MS=(\d+)$/m.exec(text('.env.example'))?.[1];
    expect(terminationGracePeriodSeconds * 1000).toBeGreaterThan(Number(deadlineMs));
  });

  it('asks the management port for what it serves', async () => {
    expect(container.ports).toEqual([
      { name: 'http', containerPort: 3000 },
      { name: 'management', containerPort: 3001 },
    ]);
    const { endpoints } = specOf('ServiceMonitor') as { endpoints: Probe[] };
    const { startupProbe, livenessProbe, readinessProbe } = container;
    const probes = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
    const env = await TestEnvironment.open();
    try {
      for (const { path, port } of [...probes, ...endpoints]) {
        expect(port).toBe('management');
        expect((await fetch(env.gateway(0).managementUrl + path)).status).toBe(200);
      }
    } finally {
      await env.close();
    }
  });
});
