import type { SeiNode } from '../domain/node/sei-node.ts';
import { InvalidSpecError } from './invalid-spec.ts';

const MODES = ['fullNode', 'replayer', 'validator'] as const;

/**
 * Refuses to bring a node up from a volume that another image would have to fill first: the operator makes
 * no Job of that image. A running node already has its state, so it is never refused.
 *
 * @throws InvalidSpecError
 */
export function guardBootstrapImage(node: SeiNode): void {
  for (const mode of MODES) {
    const image = node.spec[mode]?.snapshot?.bootstrapImage;
    if (image === undefined || image === '') continue;
    throw new InvalidSpecError({
      node: node.metadata,
      field: `spec.${mode}.snapshot.bootstrapImage`,
      value: JSON.stringify(image),
      reason: 'this operator runs no other image to fill the volume first',
      remedy:
        'remove it and set spec.image to one that can read the snapshot, or import a volume that was filled elsewhere by spec.dataVolume.import.pvcName',
    });
  }
}
