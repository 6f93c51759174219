import type { SeiNode } from './sei-node.ts';

/** The images that the node's pod should run, and whether there should be a pod. */
export interface Target {
  /** The image of the containers seid and seid-init. */
  readonly image: string;
  readonly sidecarImage: string;
  /** Zero for a paused node. */
  readonly replicas: 0 | 1;
}

/**
 * Returns the images that the node should run: those of its spec, unless a rollback rejects the image there.
 *
 * @param defaultSidecarImage the installation's, for nodes whose spec names none.
 */
export function targetFor(node: SeiNode, defaultSidecarImage: string): Target {
  const rollback = node.status?.rollback;
  const image =
    rollback !== undefined && rollback.rejectedImage === node.spec.image
      ? rollback.image
      : node.spec.image;
  return {
    image,
    sidecarImage: ownSidecarImage(node) ?? defaultSidecarImage,
    replicas: node.spec.paused === true ? 0 : 1,
  };
}

/** Returns the sidecar image in the node's spec; the CRD admits an empty one, which counts as none. */
export function ownSidecarImage(node: SeiNode): string | undefined {
  const image = node.spec.sidecar?.image;
  return image === '' ? undefined : image;
}

export function isSameTarget(one: Target, other: Target): boolean {
  return (
    one.image === other.image &&
    one.sidecarImage === other.sidecarImage &&
    one.replicas === other.replicas
  );
}
