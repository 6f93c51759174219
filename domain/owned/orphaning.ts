import type { SeiNode } from '../node/sei-node.ts';

/** The finalizer by which a deletion asks the garbage collector to leave the objects that this one owns. */
const ORPHAN = 'orphan';

/** Returns whether the deletion leaves the objects that the node owns: `--cascade=orphan`. */
export function keepsWhatItOwns({ metadata }: Pick<SeiNode, 'metadata'>): boolean {
  return metadata.finalizers?.includes(ORPHAN) === true;
}
