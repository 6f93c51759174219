import type { V1StatefulSet } from '@kubernetes/client-node';
import { expect, it } from 'vitest';

import { nextPodOf } from '../../../kubernetes/views/next-pod.ts';

const statefulSet: V1StatefulSet = {
  metadata: { namespace: 'ns', name: 'n0', uid: 'uid' },
  spec: {
    serviceName: 'n0',
    selector: {},
    template: {
      metadata: { labels: { 'sei.io/node': 'n0' }, annotations: { a: 'b' } },
      spec: {
        containers: [{ name: 'seid' }],
        volumes: [{ name: 'keys', secret: { secretName: 'keys' } }],
      },
    },
  },
  status: { replicas: 1, updateRevision: 'n0-abc' },
};

it('is the pod that the StatefulSet controller makes of the template', () => {
  expect(nextPodOf(statefulSet)).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: 'ns',
      name: 'n0-0',
      labels: {
        'sei.io/node': 'n0',
        'statefulset.kubernetes.io/pod-name': 'n0-0',
        'apps.kubernetes.io/pod-index': '0',
        'controller-revision-hash': 'n0-abc',
      },
      annotations: { a: 'b' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'n0', uid: 'uid', controller: true },
      ],
    },
    spec: {
      containers: [{ name: 'seid' }],
      hostname: 'n0-0',
      subdomain: 'n0',
      volumes: [{ name: 'keys', secret: { secretName: 'keys' } }],
    },
  });
});

it('has the claims of a StatefulSet that somebody else made, and its first ordinal', () => {
  const { spec } = statefulSet;
  const volumeClaimTemplates = [{ metadata: { name: 'data' } }];
  const other = Object.assign({}, statefulSet, {
    spec: Object.assign({}, spec, { volumeClaimTemplates, ordinals: { start: 3 } }),
  });
  const pod = nextPodOf(other);
  expect(pod.metadata?.name).toBe('n0-3');
  expect(pod.spec?.volumes).toContainEqual({
    name: 'data',
    persistentVolumeClaim: { claimName: 'data-n0-3' },
  });
});
