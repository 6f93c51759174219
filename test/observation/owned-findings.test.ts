import { describe, expect, it } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { OwnedObjects } from '../../kubernetes/cluster.ts';
import { liveObject } from '../../kubernetes/views/live-object.ts';
import { rbacProxyConfigFor } from '../../manifests/rbac-proxy-config.ts';
import { serviceFor } from '../../manifests/service.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { ownedFindings } from '../../observation/owned-findings.ts';
import { platform, SAMPLES, sampleNode, signingValidator, target } from '../manifests/fixtures.ts';
import { asStored } from '../manifests/stored-objects.ts';
import { mergePatched } from '../support/cluster/merge-patched.ts';

const UID = 'tracked-uid';
const HASH = 'metadata.annotations.sei.io/rendered-hash';

function tracking(node: SeiNode): SeiNode {
  const { name } = node.metadata;
  return { ...node, status: { phase: 'Running', statefulSet: { name, uid: UID } } };
}

const node = tracking(sampleNode('full-node'));

interface Edits {
  readonly statefulSet?: object;
  readonly service?: object;
  readonly configMap?: object;
}

/**
 * Returns the objects applied for the node, as the API server has them, with edits (merge patches) of
 * others.
 */
function live(of: SeiNode, edits: Edits = {}, applied = target): OwnedObjects {
  const stored = (rendered: object, edit: object = {}) =>
    liveObject(mergePatched(mergePatched(asStored(rendered), { metadata: { uid: UID } }), edit));
  return {
    statefulSet: stored(statefulSetFor(of, applied, platform), edits.statefulSet),
    service: stored(serviceFor(of), edits.service),
    configMap: stored(rbacProxyConfigFor(of), edits.configMap),
  };
}

const findings = (of: SeiNode, objects: OwnedObjects, wanted = target) =>
  ownedFindings(of, objects, wanted, platform);

describe('ownedFindings', () => {
  it.each([...SAMPLES.map((sample) => sampleNode(sample)), signingValidator()])(
    'are none for what the API server made of the objects of $metadata.name',
    (sample) => {
      expect(findings(tracking(sample), live(sample))).toEqual([]);
    },
  );

  it('are none for amounts that the API server writes in other words', () => {
    const odd = tracking(
      sampleNode('full-node', { sidecar: { resources: { requests: { cpu: '1000m' } } } }),
    );
    expect(JSON.stringify(live(odd).statefulSet)).toContain(String.raw`\"cpu\":\"1\"`);
    expect(findings(odd, live(odd))).toEqual([]);
  });

  it('are none for the largest spec that the CRD takes', () => {
    const labels = Object.fromEntries(
      Array.from({ length: 64 }, (_, at) => [`${'l'.repeat(314)}${at}`, 'v'.repeat(63)]),
    );
    const amounts = Object.fromEntries(
      Array.from({ length: 32 }, (_, at) => [`${'r'.repeat(314)}${at}`, '9'.repeat(64)]),
    );
    const resources = { requests: amounts, limits: amounts };
    const image = `r.example/${'i'.repeat(230)}:${'t'.repeat(120)}`;
    const large = tracking(
      sampleNode('full-node', { podLabels: labels, image, sidecar: { image, resources } }),
    );
    expect(findings(large, live(large))).toEqual([]);
  });

  it('report an object that has grown beyond anything rendered', () => {
    const grown = { configMap: { data: { 'theirs.yaml': 'x'.repeat(128 * 1024) } } };
    expect(findings(node, live(node, grown))).toEqual([
      { kind: 'drifted', object: 'ConfigMap', fields: ['more than 128 KiB of content'] },
    ]);
  });

  it("report the missing owner of an object that is not the node's, whose content is not kept", () => {
    const { statefulSet, service, configMap } = live(node);
    const foreign = service && { ...service, content: { kind: 'foreign' } as const };
    expect(findings(node, { statefulSet, service: foreign, configMap })).toEqual([
      { kind: 'drifted', object: 'Service', fields: ['metadata.ownerReferences'] },
    ]);
  });

  it('say nothing of the content of what was not read', () => {
    const { statefulSet, service, configMap } = live(node, {
      service: { spec: { selector: { 'sei.io/node': 'x' } } },
    });
    const unread = service && { ...service, content: { kind: 'unread' } as const };
    expect(findings(node, { statefulSet, service: unread, configMap })).toEqual([]);
  });

  it.each<[string, Edits]>([
    ['a label', { service: { metadata: { labels: { team: 'a' } } } }],
    ['an annotation', { statefulSet: { metadata: { annotations: { note: 'x' } } } }],
    [
      'an annotation as long as one may be',
      { statefulSet: { metadata: { annotations: { note: 'x'.repeat(262_000) } } } },
    ],
    ['a data key', { configMap: { data: { 'theirs.yaml': 'x' } } }],
    ['a field that is not rendered', { statefulSet: { spec: { minReadySeconds: 5 } } }],
    ['a field that is for good', { statefulSet: { spec: { podManagementPolicy: 'Parallel' } } }],
    [
      'an annotation of the pod, as kubectl rollout restart adds it',
      { statefulSet: { spec: { template: { metadata: { annotations: { restartedAt: 'x' } } } } } },
    ],
  ])('leave alone what others have added: %s', (_, edits) => {
    expect(findings(node, live(node, edits))).toEqual([]);
  });

  it.each<[string, string, readonly string[], Edits]>([
    ['replicas', 'StatefulSet', ['spec.replicas'], { statefulSet: { spec: { replicas: 3 } } }],
    [
      'the first ordinal, which would make a second pod',
      'StatefulSet',
      ['spec.ordinals.start'],
      { statefulSet: { spec: { ordinals: { start: 1 } } } },
    ],
    [
      'the update strategy',
      'StatefulSet',
      ['spec.updateStrategy.type'],
      { statefulSet: { spec: { updateStrategy: { type: 'RollingUpdate' } } } },
    ],
    [
      'a label',
      'StatefulSet',
      ['metadata.labels.sei.io/chain'],
      { statefulSet: { metadata: { labels: { 'sei.io/chain': 'x' } } } },
    ],
    [
      'the owner',
      'StatefulSet',
      ['apiVersion', 'kind', 'name', 'uid', 'controller', 'blockOwnerDeletion'].map(
        (field) => `metadata.ownerReferences.${node.metadata.uid}.${field}`,
      ),
      { statefulSet: { metadata: { ownerReferences: null } } },
    ],
    [
      'the selector of the Service',
      'Service',
      ['spec.selector.sei.io/node'],
      { service: { spec: { selector: { 'sei.io/node': 'x' } } } },
    ],
    [
      'the file of the ConfigMap',
      'ConfigMap',
      ['data.config.yaml'],
      { configMap: { data: { 'config.yaml': 'x' } } },
    ],
    ['the hash', 'ConfigMap', [HASH], { configMap: { metadata: { annotations: null } } }],
  ])('name what others have changed: %s', (_, object, fields, edits) => {
    expect(findings(node, live(node, edits))).toEqual([{ kind: 'drifted', object, fields }]);
  });

  it.each(['statefulSet', 'service', 'configMap'] as const)('name a missing %s', (field) => {
    const kind = { statefulSet: 'StatefulSet', service: 'Service', configMap: 'ConfigMap' }[field];
    expect(findings(node, { ...live(node), [field]: undefined })).toEqual([
      { kind: 'missing', object: kind },
    ]);
  });

  it('name a field that is rendered no more, by the hash of what was', () => {
    const labelled = sampleNode('full-node', {
      podLabels: { ...node.spec.podLabels, dropped: 'x' },
    });
    expect(findings(node, live(labelled))).toEqual(
      ['StatefulSet', 'Service', 'ConfigMap'].map((object) => ({
        kind: 'drifted',
        object,
        fields: [HASH],
      })),
    );
  });

  it('name replicas of a node that is to be paused, and nothing beside its StatefulSet', () => {
    const paused = tracking(sampleNode('full-node', { paused: true }));
    const found = findings(
      paused,
      { ...live(node), service: undefined, configMap: undefined },
      {
        ...target,
        replicas: 0,
      },
    );
    expect(found).toEqual([
      { kind: 'drifted', object: 'StatefulSet', fields: [HASH, 'spec.replicas'] },
    ]);
  });

  it('follow the target and not the spec, so that a rollback is no drift', () => {
    const rolledBack = { ...target, image: 'sei:before' };
    expect(findings(node, live(node, {}, rolledBack), rolledBack)).toEqual([]);
    expect(findings(node, live(node, {}, rolledBack))).toMatchObject([{ kind: 'drifted' }]);
  });

  it('are one impostor where another StatefulSet has the name, whatever else has drifted', () => {
    const edits = { statefulSet: { metadata: { uid: 'other' }, spec: { replicas: 3 } } };
    expect(findings(node, { ...live(node, edits), service: undefined })).toEqual([
      { kind: 'impostor', uid: 'other' },
    ]);
  });

  it('are no impostor where nothing is tracked', () => {
    const { status: _none, ...fresh } = node;
    expect(findings(fresh, live(node))).toEqual([]);
  });

  it('are the message of a spec that cannot be rendered, in place of everything else', () => {
    const invalid = tracking(sampleNode('full-node', { chainId: 'not a label' }));
    expect(findings(invalid, { ...live(node), service: undefined })).toEqual([
      { kind: 'invalid-spec', message: expect.stringContaining('spec.chainId') as string },
    ]);
  });
});
