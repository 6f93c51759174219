import type { V1OwnerReference, V1StatefulSet } from '@kubernetes/client-node';
import { describe, expect } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { ownedMetadata } from '../../manifests/object-metadata.ts';
import { objectsOf } from '../manifests/node-objects.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { SYSTEM, userOf } from '../support/testbed/shipped-rights.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { untilRefused } from '../support/testbed/until-refused.ts';
import { refusedWrites, withField } from './confined-worker.ts';

const NODE = 'confined';
/** A node of the same UID, so that its objects are those of a node, and none of them is there. */
const FREE = 'confined-free';
const TRY = '--dry-run=server';
const PARAMETERS = 'seinode-admission';
const BINDING = 'validatingadmissionpolicybinding';
const CREATE = ['create', TRY, '-f', '-'] as const;

const it = testbedTest('admission', []).extend(
  'installed',
  { scope: 'file' },
  async ({ bed }, { onCleanup }) => {
    // RBAC lets the account do everything here, so every refusal is the policy's.
    const rights = ['--clusterrole=cluster-admin', `--serviceaccount=${SYSTEM}:seinode-worker`];
    await bed.kubectl(['create', 'rolebinding', 'everything', ...rights]);
    await ownParameters(bed);
    onCleanup(async () => {
      await bed.kubectl(['delete', BINDING, bed.namespace]);
    });
    await foreignObjects(bed);
    // The label of docs/install.md: what a node consists of has to be admitted there as well.
    const restricted = 'pod-security.kubernetes.io/enforce=restricted';
    await bed.kubectl(['label', 'namespace', bed.namespace, restricted]);
    const asWorker = (args: readonly string[], object?: object) =>
      bed.kubectl([...args, `--as=${userOf('worker')}`], {
        ...(object && { input: JSON.stringify(object) }),
      });
    const node = await bed.nodes.create(NODE, { image: V1 });
    const failed = patched(`snode/${NODE}`, { status: { phase: 'Failed' } });
    const patchStatus = [...failed, '--subresource=status'];
    return { node, asWorker, objects: rendered(bed, node), patchStatus };
  },
);

describe('the worker, whatever RBAC lets it do', () => {
  it('creates and applies what a node consists of', async ({ installed }) => {
    for (const object of installed.objects.values()) {
      await installed.asWorker(CREATE, object);
      await installed.asWorker(['apply', '--server-side', TRY, '-f', '-'], object);
    }
    expect(installed.objects.size).toBe(4);
  });

  it.for(refusedWrites)(
    'creates no object with $title',
    async ({ kind, fields, message }, { installed }) => {
      let object = objectOf(installed.objects, kind);
      for (const [field, value] of Object.entries(fields)) object = withField(object, field, value);
      await expect(installed.asWorker(CREATE, object)).rejects.toThrow(message);
    },
  );

  it('tries pods in a restricted namespace, and makes none', async ({ installed }) => {
    const pod = podFor(objectOf(installed.objects, 'StatefulSet'));
    await installed.asWorker(CREATE, pod);
    await expect(installed.asWorker(['create', '-f', '-'], pod)).rejects.toThrow('as a dry run');
  });

  it('takes nothing that is somebody else’s, and deletes none of it', async ({ installed }) => {
    const { asWorker, node } = installed;
    // The objects of a SeiNode that does not exist: policies cannot know.
    const seizedBy = (name: string) => {
      const { ownerReferences } = ownedMetadata(
        { ...node, metadata: { ...node.metadata, name } },
        name,
      );
      return { metadata: { ownerReferences, labels: { 'sei.io/node': name } } };
    };
    const refusals = [
      [patched('service/postgres', seizedBy('postgres')), 'does not say that it is'],
      [patched('statefulset/postgres', seizedBy('postgres')), 'does not say that it is'],
      [patched('pvc/data-postgres', seizedBy('postgres')), 'does not say that it is'],
      [patched('configmap/postgres-rbac-proxy-config', seizedBy('postgres')), 'does not say that'],
      [patched('service/postgres', seizedBy(NODE)), 'of a SeiNode alone'],
      [patched('statefulset/postgres', { spec: { replicas: 1 } }), 'of a SeiNode alone'],
      [patched(`service/${NODE}`, seizedBy(NODE)), 'takes no object from another controller'],
      [['delete', 'pod/postgres-0', TRY], 'deletes the pod of a SeiNode alone'],
      [['delete', 'statefulset/postgres', TRY], 'of a SeiNode alone'],
      [['delete', 'persistentvolumeclaim/data-postgres', TRY], 'of a SeiNode alone'],
    ] as const;
    for (const [args, message] of refusals) await expect(asWorker(args)).rejects.toThrow(message);
  });

  it('takes what says that it is the node’s', async ({ bed, installed }) => {
    const { ownerReferences } = ownedMetadata(installed.node, NODE);
    for (const labels of [{}, { 'sei.io/node': NODE }]) {
      await bed.kubectl(['create', '-f', '-'], {
        input: JSON.stringify(claim(`data-${NODE}`, labels)),
      });
      await installed.asWorker(patched(`pvc/data-${NODE}`, { metadata: { ownerReferences } }));
      await bed.kubectl(['delete', 'pvc', `data-${NODE}`]);
    }
  });

  it('deletes the Lease of a key that nobody owns any more, and no other', async ({
    bed,
    installed,
  }) => {
    for (const name of ['sei-mount-left', 'leader']) {
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name } };
      await bed.kubectl(['create', '-f', '-'], { input: JSON.stringify(lease) });
    }
    await installed.asWorker(['delete', 'lease/sei-mount-left']);
    const refused = installed.asWorker(['delete', 'lease/leader']);
    await expect(refused).rejects.toThrow('of a SeiNode alone');
  });

  it('turns a StatefulSet that is a node’s but nobody owns to OnDelete, and deletes one', async ({
    installed,
  }) => {
    const spec = { updateStrategy: { type: 'OnDelete', rollingUpdate: null } };
    await installed.asWorker(patched('statefulset/unowned', { spec }));
    await installed.asWorker(['delete', 'statefulset/unowned', TRY]);
  });

  it('changes nothing of a SeiNode but finalizer and status', async ({ installed }) => {
    const { asWorker, patchStatus } = installed;
    const node = `snode/${NODE}`;
    await asWorker(patchStatus);
    await asWorker(patched(node, { metadata: { finalizers: ['sei.io/seinode-finalizer'] } }));
    const refusals = [
      patched(node, { spec: { image: 'evil:v1' } }),
      patched(node, { metadata: { labels: { 'sei.io/chain': 'other' } } }),
      patched(node, { metadata: { annotations: { a: 'b' } } }),
      patched(node, { metadata: { finalizers: ['backup.example.com/hold'] } }),
      ['delete', node, TRY],
    ];
    for (const args of refusals) {
      await expect(asWorker(args)).rejects.toThrow('nothing of a SeiNode but its finalizer');
    }
  });
});

describe('whoever writes SeiNodes', () => {
  it('does not write their status', async ({ bed, installed }) => {
    await expect(bed.kubectl(installed.patchStatus)).rejects.toThrow('seinode-worker alone');
  });

  it('does not name the Secrets of the operator', async ({ bed, installed: _installed }) => {
    await validator(bed, 'mine', 'my-other');
    for (const secret of ['seinode-temporal', 'seinode-payload-keys']) {
      const refused = validator(bed, 'mine', secret);
      await expect(refused).rejects.toThrow(`Secret "${secret}" is the operator's`);
    }
  });

  it('learns at once of images and Secrets that are not allowed, and keeps what there is', async ({
    bed,
    installed,
  }) => {
    const allowedImages = 'ghcr.io/team, registry.example.com:5000/sei';
    await parametrise(bed, { allowedImages, secretPrefixes: 'validator-, p2p-' });
    const set = (spec: object) => patched(`snode/${NODE}`, { spec });
    const message = `is not allowed: use one of ${allowedImages}`;
    await untilRefused(
      'the list is in force',
      () => bed.kubectl(set({ image: 'evil:v1' })),
      message,
    );
    for (const image of [
      'ghcr.io/teams/sei:v1',
      'evil.io/ghcr.io/team/sei',
      'registry.example.com/sei:v1',
      'evil:ghcr.io/team',
    ]) {
      await expect(bed.kubectl(set({ image }))).rejects.toThrow(`image "${image}" ${message}`);
      await expect(bed.kubectl(set({ sidecar: { image } }))).rejects.toThrow(message);
    }
    for (const image of [
      'ghcr.io/team/sei:v2',
      'ghcr.io/team/a/b@sha256:0',
      'registry.example.com:5000/sei:v1',
    ]) {
      await bed.kubectl(set({ image }));
    }
    expect(installed.node.spec.image).not.toContain('ghcr.io/team/');
    await bed.kubectl(set({ paused: true }));

    const image = 'ghcr.io/team/sei:v1';
    await validator(bed, 'validator-a', 'p2p-a', image);
    await expect(validator(bed, 'validator-a', 'tls', image)).rejects.toThrow(
      'Secret "tls" may not be named: its name has to begin with validator- or p2p-',
    );

    await parametrise(bed, { requireImageDigest: 'true' });
    const tagged = set({ image: 'ghcr.io/team/sei:v3' });
    await untilRefused('digests are asked for', () => bed.kubectl(tagged), 'name it by its digest');
    await bed.kubectl(set({ image: `ghcr.io/team/sei:v3@sha256:${'0'.repeat(64)}` }));
  });
});

type Objects = ReadonlyMap<string, object>;

function rendered(bed: Testbed, node: SeiNode): Objects {
  const { platform } = bed;
  const target = { image: V1, sidecarImage: platform.images.sidecar, replicas: 1 } as const;
  const free = { ...node, metadata: { ...node.metadata, name: FREE } };
  return new Map(objectsOf(free, target, platform).map((object) => [object.kind ?? '', object]));
}

function objectOf(objects: Objects, kind: string): object {
  const object = objects.get(kind);
  if (object === undefined) throw new Error(`no ${kind} is rendered`);
  return object;
}

function podFor({ metadata, spec }: V1StatefulSet): object {
  const { namespace, name = '', labels } = metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: `${name}-0`, labels },
    spec: Object.assign({}, spec?.template.spec, { serviceAccountName: 'default' }),
  };
}

function patched(what: string, patch: object): readonly string[] {
  return ['patch', what, TRY, '--type=merge', '-p', JSON.stringify(patch)];
}

/** Creates what others have beside the nodes, and a StatefulSet that is a node's by its selector alone. */
async function foreignObjects(bed: Testbed): Promise<void> {
  const containers = [{ name: 'main', image: 'postgres:17' }];
  const statefulSet = (name: string, label: string) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      replicas: 0,
      serviceName: name,
      selector: { matchLabels: { [label]: name } },
      template: { metadata: { labels: { [label]: name } }, spec: { containers } },
    },
  });
  const service = (name: string, ownerReferences: readonly V1OwnerReference[] = []) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ownerReferences },
    spec: { ports: [{ port: 5432 }] },
  });
  const create = (...items: readonly object[]) =>
    bed.kubectl(['create', '-f', '-'], {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    });
  await create(
    service('postgres'),
    statefulSet('postgres', 'app'),
    statefulSet('unowned', 'sei.io/node'),
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'postgres-0' }, spec: { containers } },
    claim('data-postgres', { app: 'postgres' }),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'postgres-rbac-proxy-config' } },
  );
  const { metadata } = await bed.apps.readNamespacedStatefulSet(bed.key('postgres'));
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'postgres' };
  await create(service(NODE, [{ ...owner, uid: metadata?.uid ?? '', controller: true }]));
}

/** Adds a second binding of the policy on spec, as another installation has it for its namespace. */
async function ownParameters(bed: Testbed): Promise<void> {
  const { namespace } = bed;
  const parameters = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: PARAMETERS } };
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: namespace },
    spec: {
      policyName: 'seinode-spec',
      validationActions: ['Deny'],
      paramRef: { name: PARAMETERS, namespace, parameterNotFoundAction: 'Deny' },
      matchResources: {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      },
    },
  };
  const items = [parameters, binding];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await bed.kubectl(['apply', '--server-side', '-f', '-'], { input });
}

function claim(name: string, labels: object): object {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, labels }, spec };
}

function parametrise(bed: Testbed, data: object): Promise<string> {
  const patch = JSON.stringify({ data });
  return bed.kubectl(['patch', `configmap/${PARAMETERS}`, '--type=merge', '-p', patch]);
}

/** Tries to create a validator. */
function validator(bed: Testbed, signing: string, p2p: string, image = V1): Promise<string> {
  const secret = (secretName: string) => ({ secret: { secretName } });
  const keys = { signingKey: secret(signing), nodeKey: secret(p2p) };
  const node = {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name: 'validator' },
    spec: { chainId: 'c', image, validator: keys },
  };
  return bed.kubectl(CREATE, { input: JSON.stringify(node) });
}
