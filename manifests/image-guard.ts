import type { ImagePolicy } from '../domain/node/image-policy.ts';
import { imageRefusal } from '../domain/node/image-policy.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import type { Target } from '../domain/node/target.ts';
import { ownSidecarImage } from '../domain/node/target.ts';
import { InvalidSpecError } from './invalid-spec.ts';

/**
 * Refuses images that the node asks for and that may not run. The start of a process checks those that the
 * installation itself has chosen.
 *
 * @throws InvalidSpecError
 */
export function guardImages(node: SeiNode, target: Target, policy: ImagePolicy): void {
  const isRolledBack = target.image !== node.spec.image;
  guard(node, isRolledBack ? 'status.rollback.image' : 'spec.image', target.image, policy);
  const sidecar = ownSidecarImage(node);
  if (sidecar !== undefined) guard(node, 'spec.sidecar.image', sidecar, policy);
}

function guard(node: SeiNode, field: string, image: string, policy: ImagePolicy): void {
  const refusal = imageRefusal(image, policy);
  if (refusal === undefined) return;
  throw new InvalidSpecError({
    node: node.metadata,
    field,
    value: JSON.stringify(image),
    ...refusal,
  });
}
