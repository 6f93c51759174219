import type { Json, JsonObject } from '../../domain/owned/rendered-drift.ts';

/** The defaults that the API server adds to a StatefulSet, as seen on 1.36. */
const CONTAINER_DEFAULTS = {
  imagePullPolicy: 'IfNotPresent',
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
};
const PROBE_DEFAULTS = { timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };
const POD_DEFAULTS = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  serviceAccount: 'seid-node',
};
const STATEFUL_SET_DEFAULTS = {
  podManagementPolicy: 'OrderedReady',
  revisionHistoryLimit: 10,
  persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
};
const SERVICE_DEFAULTS = {
  clusterIPs: ['None'],
  type: 'ClusterIP',
  sessionAffinity: 'None',
  ipFamilies: ['IPv4'],
  ipFamilyPolicy: 'SingleStack',
  internalTrafficPolicy: 'Cluster',
};

/**
 * Returns a rendered object as the API server stores it: with its defaults and with amounts in its words.
 */
export function asStored(rendered: object): JsonObject {
  const object = JSON.parse(JSON.stringify(rendered)) as JsonObject;
  if (object['kind'] === 'StatefulSet') return { ...object, spec: storedStatefulSet(object) };
  if (object['kind'] === 'Service') return { ...object, spec: storedService(object) };
  return object;
}

function storedStatefulSet(object: JsonObject): JsonObject {
  const spec = record(object['spec']);
  const template = record(spec['template']);
  const pod = record(template['spec']);
  const stored = {
    ...POD_DEFAULTS,
    ...pod,
    initContainers: list(pod['initContainers']).map(storedContainer),
    containers: list(pod['containers']).map(storedContainer),
    volumes: list(pod['volumes']).map(storedVolume),
  };
  return { ...STATEFUL_SET_DEFAULTS, ...spec, template: { ...template, spec: stored } };
}

function storedService(object: JsonObject): JsonObject {
  const spec = record(object['spec']);
  const ports = list(spec['ports']).map((port) => ({
    protocol: 'TCP',
    targetPort: record(port)['port'],
    ...record(port),
  }));
  return { ...SERVICE_DEFAULTS, ...spec, ports };
}

function storedContainer(container: Json): JsonObject {
  const { resources, ports, ...fields } = record(container);
  const probes = Object.entries(fields)
    .filter(([name]) => name.endsWith('Probe'))
    .map(([name, probe]) => [name, { ...PROBE_DEFAULTS, ...storedProbe(record(probe)) }] as const);
  return {
    ...CONTAINER_DEFAULTS,
    ...fields,
    ...Object.fromEntries(probes),
    ...(ports !== undefined && {
      ports: list(ports).map((port) => ({ protocol: 'TCP', ...record(port) })),
    }),
    ...(resources !== undefined && { resources: storedAmounts(record(resources)) }),
  };
}

function storedProbe(probe: JsonObject): JsonObject {
  const { httpGet } = probe;
  return httpGet === undefined
    ? probe
    : { ...probe, httpGet: { scheme: 'HTTP', ...record(httpGet) } };
}

function storedVolume(volume: Json): JsonObject {
  const { configMap, secret, ...rest } = record(volume);
  return {
    ...rest,
    ...(configMap !== undefined && { configMap: { defaultMode: 420, ...record(configMap) } }),
    ...(secret !== undefined && { secret: { defaultMode: 420, ...record(secret) } }),
  };
}

/** Returns amounts as the API server stores them: `1000m` as `1`. */
function storedAmounts(resources: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(resources).replaceAll('000m"', '"')) as JsonObject;
}

function record(value: Json | undefined): JsonObject {
  return (value ?? {}) as JsonObject;
}

function list(value: Json | undefined): readonly Json[] {
  return (value ?? []) as readonly Json[];
}
