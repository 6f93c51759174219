import type { SeiNode } from './sei-node.ts';

/** What the node's pod is to run, and whether there is to be one. */
export interface Target {
  /** Of the containers seid and seid-init. */
  readonly image: string;
  readonly sidecarImage: string;
  /** Zero for a paused node. */
  readonly replicas: 0 | 1;
}

/**
 * The images the node is to run: those of its spec, unless a rollback rejects that image.
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

/** The sidecar image that the node's spec asks for; the CRD admits an empty one, which asks for none. */
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
