import { ownClaimName } from './node-ref.ts';
import type { SeiNode } from './sei-node.ts';

/** Returns the name of the PersistentVolumeClaim with the node's data: its own, or the one that it imports. */
export function dataVolumeClaimName({ metadata, spec }: SeiNode): string {
  return spec.dataVolume?.import?.pvcName ?? ownClaimName(metadata);
}
