import type { V1StatefulSet } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';

import { statefulSetView } from '../../../kubernetes/views/stateful-set-view.ts';

const statefulSet = {
  metadata: {
    namespace: 'default',
    name: 'n0',
    uid: 'sts-1',
    resourceVersion: '9',
    generation: 4,
    labels: { 'sei.io/node': 'n0' },
    ownerReferences: [
      {
        apiVersion: 'sei.io/v1alpha1',
        kind: 'SeiNode',
        name: 'n0',
        uid: 'node-1',
        controller: true,
      },
    ],
  },
  spec: {
    replicas: 0,
    serviceName: 'n0',
    selector: { matchLabels: { 'sei.io/node': 'n0' } },
    updateStrategy: { type: 'OnDelete' },
    template: {
      spec: {
        initContainers: [
          { name: 'seid-init', image: 'seid:init' },
          { name: 'sei-sidecar', image: 'sidecar:b' },
        ],
        containers: [{ name: 'seid', image: 'seid:b' }],
      },
    },
  },
  status: { replicas: 0, observedGeneration: 3, updateRevision: 'n0-abc', updatedReplicas: 1 },
} satisfies V1StatefulSet;

describe('statefulSetView', () => {
  it('keeps little of what somebody else has made as large as an object may be', () => {
    const long = 'x'.repeat(100_000);
    const many = Array.from({ length: 5_000 }, (_, at) => `k${at}`);
    const labels = Object.fromEntries(many.map((key): [string, string] => [key, 'v']));
    const { spec } = statefulSet;
    const large = statefulSetView({
      metadata: { ...statefulSet.metadata, labels: { ...labels, 'sei.io/node': 'n0' } },
      spec: {
        ...spec,
        serviceName: long,
        selector: {
          matchExpressions: [{ key: 'k', operator: 'In', values: many }],
          matchLabels: labels,
        },
        volumeClaimTemplates: many.map((name) => ({ metadata: { name: `${name}${long}` } })),
        template: { spec: { containers: [{ name: 'seid', image: long }] } },
      },
    });
    expect(large).toMatchObject({ uid: 'sts-1', labels: { 'sei.io/node': 'n0' } });
    expect(JSON.stringify(large).length).toBeLessThan(16 * 1024);
  });

  it('keeps what decisions are made from', () => {
    expect(statefulSetView(statefulSet)).toEqual({
      namespace: 'default',
      name: 'n0',
      uid: 'sts-1',
      resourceVersion: '9',
      generation: 4,
      terminating: false,
      owner: { kind: 'SeiNode', name: 'n0', uid: 'node-1' },
      owners: statefulSet.metadata.ownerReferences,
      labels: { 'sei.io/node': 'n0' },
      replicas: 0,
      updateStrategy: 'OnDelete',
      serviceName: 'n0',
      selector: { 'sei.io/node': 'n0' },
      podManagementPolicy: 'OrderedReady',
      claimTemplates: [],
      templateImage: 'seid:b',
      templateSidecarImage: 'sidecar:b',
      observedGeneration: 3,
      updateRevision: 'n0-abc',
      updatedReplicas: 1,
    });
  });

  it('reads one that its controller has not seen, and one that nobody controls', () => {
    const { metadata, spec } = statefulSet;
    const fresh = { metadata: { ...metadata, ownerReferences: [] }, spec };
    expect(statefulSetView(fresh)).toMatchObject({
      owner: undefined,
      observedGeneration: 0,
      updateRevision: undefined,
      updatedReplicas: 0,
    });
    const empty = { ...fresh, status: { replicas: 0, updateRevision: '' } };
    expect(statefulSetView(empty).updateRevision).toBeUndefined();
  });

  it('reads what decides which pods and claims its controller makes', () => {
    const spec = {
      ...statefulSet.spec,
      selector: {
        ...statefulSet.spec.selector,
        matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }],
      },
      podManagementPolicy: 'Parallel',
      volumeClaimTemplates: [{ metadata: { name: 'data' } }],
    };
    expect(statefulSetView({ ...statefulSet, spec })).toMatchObject({
      selector: { 'sei.io/node': 'n0', 'tier In': 'a b' },
      podManagementPolicy: 'Parallel',
      claimTemplates: ['data'],
    });
  });

  it('knows one that is being deleted', () => {
    const deletionTimestamp = '2026-01-01T00:00:00Z' as unknown as Date;
    const terminating = {
      ...statefulSet,
      metadata: { ...statefulSet.metadata, deletionTimestamp },
    };
    expect(statefulSetView(terminating).terminating).toBe(true);
  });
});
