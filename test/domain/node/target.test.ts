import { describe, expect, it } from 'vitest';

import { isSameTarget, targetFor } from '../../../domain/node/target.ts';
import { DEFAULT_SIDECAR, seiNode, SIDECAR, V1, V2 } from '../../support/sei-node.ts';

const rollback = { rejectedImage: V2, image: V1, generation: 2 };

describe('targetFor', () => {
  it('is what spec asks for', () => {
    expect(targetFor(seiNode({ spec: { image: V2 } }), DEFAULT_SIDECAR)).toEqual({
      image: V2,
      sidecarImage: SIDECAR,
      replicas: 1,
    });
  });

  it.each([
    ['no sidecar', {}],
    ['a sidecar without an image', { sidecar: { port: 7777 } }],
    ['a sidecar of an empty image, which the CRD admits', { sidecar: { image: '' } }],
  ])("takes the installation's sidecar for a spec with %s", (_, spec) => {
    const { sidecar: _named, ...bare } = seiNode().spec;
    const node = { ...seiNode(), spec: { ...bare, ...spec } };
    expect(targetFor(node, DEFAULT_SIDECAR).sidecarImage).toBe(DEFAULT_SIDECAR);
  });

  it('is the image before, while spec still asks for the rejected one', () => {
    const node = seiNode({ spec: { image: V2 }, status: { rollback } });
    expect(targetFor(node, DEFAULT_SIDECAR)).toEqual({
      image: V1,
      sidecarImage: SIDECAR,
      replicas: 1,
    });
  });

  it.each(['sei:v3', V1])('is %s again once spec asks for that', (image) => {
    const node = seiNode({ spec: { image }, status: { rollback } });
    expect(targetFor(node, DEFAULT_SIDECAR).image).toBe(image);
  });
});

describe('isSameTarget', () => {
  const target = { image: V1, sidecarImage: SIDECAR, replicas: 1 as const };

  it('compares both images', () => {
    expect(isSameTarget(target, { ...target })).toBe(true);
    expect(isSameTarget(target, { ...target, image: V2 })).toBe(false);
    expect(isSameTarget(target, { ...target, sidecarImage: 'seictl:v2' })).toBe(false);
  });
});
