import { describe, expect, it } from 'vitest';

import { dataVolumeClaimFor } from '../../manifests/data-volume-claim.ts';
import { platform, sampleNode } from './fixtures.ts';

describe('dataVolumeClaimFor', () => {
  it.each([
    ['full-node', 'class-node', '2001Gi'],
    ['replayer', 'class-replayer', '2002Gi'],
    ['validator', 'class-validator', '2003Gi'],
    ['archive', 'class-archive', '25000Gi'],
  ] as const)(
    'takes class and size for a %s from the storage of its role',
    (mode, className, size) => {
      const claim = dataVolumeClaimFor(sampleNode(mode), platform);
      expect(claim?.spec).toEqual({
        accessModes: ['ReadWriteOnce'],
        storageClassName: className,
        resources: { requests: { storage: size } },
      });
    },
  );

  it('is undefined for a node that imports its volume, so that nobody creates or owns it', () => {
    const importing = sampleNode('archive', { dataVolume: { import: { pvcName: 'history' } } });
    expect(dataVolumeClaimFor(importing, platform)).toBeUndefined();
  });

  it('is the node’s own claim when dataVolume is empty', () => {
    const claim = dataVolumeClaimFor(sampleNode('archive', { dataVolume: {} }), platform);
    expect(claim?.metadata?.name).toBe('data-pacific-archive-0');
  });
});
