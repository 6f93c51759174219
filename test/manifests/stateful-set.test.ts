import { describe, expect, it } from 'vitest';

import type { SeiNode, SeiNodeSpec } from '../../domain/node/sei-node.ts';
import { InvalidSpecError } from '../../manifests/invalid-spec.ts';
import type { PlatformSettings } from '../../manifests/platform-settings.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { changedPaths } from './changed-paths.ts';
import { platform, sampleNode, signingValidator, target } from './fixtures.ts';

const node = sampleNode('full-node');

describe('statefulSetFor', () => {
  it('renders equal specs to equal bytes, whatever the order of their keys', () => {
    const one = sampleNode('full-node', {
      podLabels: { a: '1', b: '2' },
      sidecar: { resources: { requests: { cpu: '1', memory: '2Gi' } } },
    });
    const other = sampleNode('full-node', {
      sidecar: { resources: { requests: { memory: '2Gi', cpu: '1' } } },
      podLabels: { b: '2', a: '1' },
    });
    expect(rendered(other)).toBe(rendered(one));
  });

  it('does not depend on status, annotations or the version of the object', () => {
    const later: SeiNode = {
      ...node,
      metadata: {
        ...node.metadata,
        generation: 9,
        resourceVersion: '99',
        annotations: { touched: 'yes' },
      },
      status: { phase: 'Running', currentImage: 'seid:old' },
    };
    expect(rendered(later)).toBe(rendered(node));
  });

  it('scales to what the target says, and changes nothing else', () => {
    const running = statefulSetFor(node, target, platform);
    const paused = statefulSetFor(node, { ...target, replicas: 0 }, platform);
    expect(changedPaths(running, paused)).toEqual(['spec.replicas']);
    expect(paused.spec?.replicas).toBe(0);
  });

  it('leaves it to the target whether a node is paused', () => {
    expect(changes(node, sampleNode('full-node', { paused: true }))).toEqual([]);
  });

  it('takes both images from the target, whatever spec says', () => {
    const before = statefulSetFor(node, target, platform);
    const after = statefulSetFor(
      node,
      { image: 'seid:b', sidecarImage: 'sidecar:b', replicas: 1 },
      platform,
    );
    expect(changedPaths(before, after)).toEqual([
      'spec.template.spec.initContainers.0.image',
      'spec.template.spec.initContainers.1.image',
      'spec.template.spec.containers.0.image',
    ]);
    const otherSpec = sampleNode('full-node', { image: 'seid:c', sidecar: { image: 'sidecar:c' } });
    expect(rendered(otherSpec)).toBe(rendered(node));
  });

  it('overlays the labels of the spec with its own, on the object and on the pod', () => {
    const labelled = sampleNode('full-node', {
      podLabels: { team: 'core', 'sei.io/node': 'other', 'sei.io/role': 'validator' },
    });
    const { metadata, spec } = statefulSetFor(labelled, target, platform);
    const labels = {
      team: 'core',
      'sei.io/chain': 'pacific-1',
      'sei.io/node': 'pacific-rpc-0',
      'sei.io/role': 'node',
    };
    expect(metadata?.labels).toEqual(labels);
    expect(spec?.template.metadata?.labels).toEqual(labels);
    expect(spec?.selector).toEqual({ matchLabels: { 'sei.io/node': 'pacific-rpc-0' } });
  });

  it('gives the pod the time to end that spec asks for, else that of the installation', () => {
    const path = 'spec.template.spec.terminationGracePeriodSeconds';
    const patient = sampleNode('full-node', { terminationGracePeriodSeconds: 3_600 });
    expect(changes(node, patient)).toEqual([path]);
    const graceOf = (of: SeiNode) =>
      statefulSetFor(of, target, platform).spec?.template.spec?.terminationGracePeriodSeconds;
    expect([graceOf(patient), graceOf(node)]).toEqual([3_600, 121]);
  });

  it('lets seid and the proxy follow the port of the sidecar', () => {
    const moved = sampleNode('full-node', { sidecar: { port: 7878 } });
    expect(changes(node, moved)).toEqual([
      'spec.template.spec.initContainers.1.env.1.value',
      'spec.template.spec.initContainers.1.ports.0.containerPort',
      'spec.template.spec.initContainers.2.args.1',
      'spec.template.spec.containers.0.command.2',
    ]);
  });

  it('renders a quantity that YAML reads as a number as the API server would return it', () => {
    const numeric = { requests: { cpu: 1 } } as unknown as { requests: Record<string, string> };
    const sized = sampleNode('full-node', { sidecar: { resources: numeric } });
    const sidecar = statefulSetFor(sized, target, platform).spec?.template.spec
      ?.initContainers?.[1];
    expect(sidecar?.resources).toEqual({ requests: { cpu: '1' } });
  });

  it('opens the unencrypted keyring for a validator without an operator keyring', () => {
    const sidecar = statefulSetFor(sampleNode('validator'), target, platform).spec?.template.spec
      ?.initContainers?.[1];
    expect(sidecar?.env).toContainEqual({ name: 'SEI_KEYRING_BACKEND', value: 'test' });
    expect(sidecar?.env?.map((variable) => variable.name)).not.toContain('SEI_KEYRING_PASSPHRASE');
  });

  it('lets neither proxy nor exporter be the user of seid, and gives the proxy alone a token', () => {
    const { spec } = statefulSetFor(signingValidator(), target, platform).spec?.template ?? {};
    const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
    const namesOfUser = Map.groupBy(
      containers,
      ({ securityContext }) => securityContext?.runAsUser,
    );
    expect([...namesOfUser.values()].map((same) => same.map(({ name }) => name))).toEqual([
      ['seid-init', 'sei-sidecar', 'seid'],
      ['kube-rbac-proxy'],
      ['cosmos-exporter'],
    ]);
    const projected = spec?.volumes?.filter((volume) => volume.projected !== undefined);
    const withToken = containers.filter(({ volumeMounts = [] }) =>
      volumeMounts.some(({ name }) => projected?.some((volume) => volume.name === name)),
    );
    expect(withToken.map(({ name }) => name)).toEqual(['kube-rbac-proxy']);
    expect(spec?.automountServiceAccountToken).toBe(false);
  });

  it('treats an empty operatorKeyring like none', () => {
    const empty = sampleNode('validator', { validator: { operatorKeyring: {} } });
    expect(rendered(empty)).toBe(rendered(sampleNode('validator', { validator: {} })));
  });

  const settings: readonly [string, (settings: PlatformSettings) => PlatformSettings, string[]][] =
    [
      [
        'the node pool of its role',
        (value) => ({
          ...value,
          scheduling: {
            ...value.scheduling,
            nodePool: { ...value.scheduling.nodePool, node: 'changed' },
          },
        }),
        [
          'spec.template.spec.tolerations.0.value',
          'spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution' +
            '.nodeSelectorTerms.0.matchExpressions.0.values.0',
        ],
      ],
      [
        'the toleration key',
        (value) => ({ ...value, scheduling: { ...value.scheduling, tolerationKey: 'changed' } }),
        ['spec.template.spec.tolerations.0.key'],
      ],
      [
        'the service account',
        (value) => ({ ...value, scheduling: { ...value.scheduling, serviceAccount: 'changed' } }),
        ['spec.template.spec.serviceAccountName'],
      ],
      [
        'the resources of its role',
        (value) => ({
          ...value,
          resources: { ...value.resources, node: { requests: { cpu: '9', memory: '32Gi' } } },
        }),
        ['spec.template.spec.containers.0.resources.requests.cpu'],
      ],
      [
        'the genesis bucket',
        (value) => ({ ...value, genesisBucket: { name: 'changed', region: 'changed' } }),
        [
          'spec.template.spec.initContainers.1.env.3.value',
          'spec.template.spec.initContainers.1.env.4.value',
        ],
      ],
      [
        'the snapshot bucket',
        (value) => ({ ...value, snapshotBucket: { name: 'changed', region: 'changed' } }),
        [
          'spec.template.spec.initContainers.1.env.5.value',
          'spec.template.spec.initContainers.1.env.6.value',
        ],
      ],
      [
        'the proxy image',
        (value) => ({ ...value, images: { ...value.images, rbacProxy: 'changed' } }),
        ['spec.template.spec.initContainers.2.image'],
      ],
      [
        'the exporter image',
        (value) => ({ ...value, images: { ...value.images, cosmosExporter: 'changed' } }),
        ['spec.template.spec.containers.1.image'],
      ],
      [
        "the installation's sidecar image (the target decides)",
        (value) => ({ ...value, images: { ...value.images, sidecar: 'changed' } }),
        [],
      ],
      [
        'the storage (a claim is not resized)',
        (value) => ({
          ...value,
          storage: { ...value.storage, node: { className: 'changed', size: '1Gi' } },
        }),
        [],
      ],
      [
        'everything of another role',
        (value) => ({
          ...value,
          scheduling: {
            ...value.scheduling,
            nodePool: { ...value.scheduling.nodePool, archive: 'changed' },
          },
          resources: { ...value.resources, archive: {} },
        }),
        [],
      ],
    ];
  it.each(settings)('changes only where it uses %s', (_name, change, expected) => {
    const before = statefulSetFor(node, target, platform);
    const after = statefulSetFor(node, target, change(platform));
    expect(changedPaths(before, after)).toEqual(expected);
  });
});

describe('statefulSetFor refuses', () => {
  it.each(['seinode-temporal', 'seinode-payload-keys'])(
    'to hand a node %s, a Secret of the operator',
    (name) => {
      const keyring = signingValidator({ keyring: name });
      expect(() => statefulSetFor(keyring, target, platform)).toThrow(
        `spec.validator.operatorKeyring.secret.secretName is "${name}": it is the operator's`,
      );
      const passphrase = signingValidator({ passphrase: name });
      expect(() => statefulSetFor(passphrase, target, platform)).toThrow(InvalidSpecError);
    },
  );

  it.each<[string, Partial<SeiNodeSpec>]>([
    ['no mode', without(['fullNode'])],
    ['two modes', { archive: {} }],
  ])('a spec with %s', (_name, spec) => {
    const invalid = sampleNode('full-node', spec);
    expect(() => statefulSetFor(invalid, target, platform)).toThrow(
      expect.objectContaining({
        name: 'InvalidSpecError',
        field: 'spec',
        remedy: 'set exactly one of fullNode, archive, replayer, validator',
      }),
    );
  });

  it('labels of the operator, whose budget and policies select by them', () => {
    const podLabels = { 'app.kubernetes.io/name': 'seinode-operator' };
    const invalid = sampleNode('full-node', { podLabels });
    expect(() => statefulSetFor(invalid, target, platform)).toThrow(
      'spec.podLabels[app.kubernetes.io/name] is "seinode-operator"',
    );
    const other = sampleNode('full-node', { podLabels: { 'app.kubernetes.io/name': 'sei' } });
    expect(() => statefulSetFor(other, target, platform)).not.toThrow();
  });

  it.each(['7777/;reboot', 0, 65_536, 1.5])('%s for a port, which goes into a script', (port) => {
    const invalid = sampleNode('full-node', { sidecar: { port: port as number } });
    expect(() => statefulSetFor(invalid, target, platform)).toThrow('spec.sidecar.port is ');
  });

  it('a chain id that is no label value, since it also goes into a shell script', () => {
    const invalid = sampleNode('full-node', { chainId: 'x; rm -rf /' });
    expect(() => statefulSetFor(invalid, target, platform)).toThrow(
      'SeiNode nodes/pacific-rpc-0: spec.chainId is "x; rm -rf /"',
    );
  });

  it.each([
    [{ keyring: 'signing-key-secret' }, '"signing-key-secret": container seid would be handed'],
    [{ passphrase: 'node-key-secret' }, '"node-key-secret": container seid would be handed'],
  ])('an operator keyring that seid would be handed: %o', (secrets, message) => {
    expect(() => statefulSetFor(signingValidator(secrets), target, platform)).toThrow(message);
  });
});

function rendered(of: SeiNode): string {
  return JSON.stringify(statefulSetFor(of, target, platform));
}

function changes(before: SeiNode, after: SeiNode): readonly string[] {
  return changedPaths(
    statefulSetFor(before, target, platform),
    statefulSetFor(after, target, platform),
  );
}

/** Returns a spec without these fields, which the types of the samples do not allow. */
function without(fields: readonly string[]): Partial<SeiNodeSpec> {
  return Object.fromEntries(fields.map((field) => [field, undefined]));
}
