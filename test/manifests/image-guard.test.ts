import { describe, expect, it } from 'vitest';

import { InvalidSpecError } from '../../manifests/invalid-spec.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { platform, sampleNode, target } from './fixtures.ts';

const OURS = 'ghcr.io/sei-protocol/sei:v1';
const OTHERS = 'ghcr.io/somebody/sei:v1';
const onlyOurs = {
  ...platform,
  imagePolicy: { allowed: ['ghcr.io/sei-protocol'], requireDigest: false },
};
const node = sampleNode('full-node', { image: OURS });

function refusal(...args: Parameters<typeof statefulSetFor>): unknown {
  try {
    statefulSetFor(...args);
  } catch (err) {
    return err instanceof InvalidSpecError ? err.message : err;
  }
  return 'none';
}

describe('guardImages', () => {
  it('refuses an image that the installation does not allow, and says where it is asked for', () => {
    const asking = sampleNode('full-node', { image: OTHERS });
    expect(refusal(asking, { ...target, image: OTHERS }, onlyOurs)).toBe(
      `SeiNode nodes/${asking.metadata.name}: spec.image is "${OTHERS}": this installation allows only images of ghcr.io/sei-protocol; use one of those, or have SEINODE_ALLOWED_IMAGES changed`,
    );
  });

  it('refuses what is no image at all, also where any is allowed', () => {
    expect(refusal(node, { ...target, image: 'No Image' }, platform)).toContain(
      'it is no image reference',
    );
  });

  it('refuses a sidecar image of the spec', () => {
    const asking = sampleNode('full-node', { image: OURS, sidecar: { image: OTHERS } });
    expect(refusal(asking, { ...target, image: OURS, sidecarImage: OTHERS }, onlyOurs)).toContain(
      `spec.sidecar.image is "${OTHERS}"`,
    );
  });

  it('leaves alone the images that the installation has chosen', () => {
    expect(refusal(node, { ...target, image: OURS, sidecarImage: OTHERS }, onlyOurs)).toBe('none');
  });

  it('goes by the image that a rollback runs, not by the one that it rejects', () => {
    const asking = sampleNode('full-node', { image: OTHERS });
    expect(refusal(asking, { ...target, image: OURS }, onlyOurs)).toBe('none');
    expect(refusal(node, { ...target, image: OTHERS }, onlyOurs)).toContain(
      'status.rollback.image',
    );
  });
});
