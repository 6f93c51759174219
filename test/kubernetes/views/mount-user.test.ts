import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';

import { mountUserOfPod, mountUserOfStatefulSet } from '../../../kubernetes/views/mount-user.ts';

const metadata = { labels: { 'sei.io/node': 'n0' } };
const spec = {
  containers: [],
  volumes: [
    { name: 'key', secret: { secretName: 'signing' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'data-n0' } },
    { name: 'temporary', emptyDir: {} },
  ],
};
const USER = { node: 'n0', secrets: ['signing'], claims: ['data-n0'] };

describe('mountUserOfPod', () => {
  it.each(['Pending', 'Running', 'Unknown'])('counts a pod in phase %s', (phase) => {
    expect(mountUserOfPod({ metadata, spec, status: { phase } } as V1Pod)).toEqual([USER]);
  });

  it.each(['Succeeded', 'Failed'])('does not count one in phase %s', (phase) => {
    expect(mountUserOfPod({ metadata, spec, status: { phase } } as V1Pod)).toEqual([]);
  });

  it('counts one that is on its way out', () => {
    const leaving = { ...metadata, deletionTimestamp: new Date() };
    expect(mountUserOfPod({ metadata: leaving, spec } as V1Pod)).toEqual([USER]);
  });
});

describe('mountUserOfStatefulSet', () => {
  const of = (replicas: number | undefined) =>
    mountUserOfStatefulSet({
      metadata,
      spec: { ...(replicas !== undefined && { replicas }), selector: {}, template: { spec } },
    } as V1StatefulSet);

  it('counts one that may make a pod', () => {
    expect(of(1)).toEqual([USER]);
    expect(of(undefined)).toEqual([USER]);
  });

  it('does not count one at zero', () => {
    expect(of(0)).toEqual([]);
  });
});
