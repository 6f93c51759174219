import type { SeiNode } from './sei-node.ts';

/** The finalizer by which a deletion asks the garbage collector to leave what the object owns. */
const ORPHAN = 'orphan';

/** Whether the deletion asks for what the node owns to stay: `--cascade=orphan`. */
export function keepsWhatItOwns({ metadata }: Pick<SeiNode, 'metadata'>): boolean {
  return metadata.finalizers?.includes(ORPHAN) === true;
}
