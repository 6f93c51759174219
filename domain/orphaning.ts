import type { SeiNode } from './sei-node.ts';
import type { StatefulSetView } from './stateful-set-view.ts';

/** The finalizer by which a deletion asks the garbage collector to leave what the object owns. */
const ORPHAN = 'orphan';

/** Whether the deletion asks for what the node owns to stay: `--cascade=orphan`. */
export function keepsWhatItOwns({ metadata }: Pick<SeiNode, 'metadata'>): boolean {
  return metadata.finalizers?.includes(ORPHAN) === true;
}

/**
 * The same, where the garbage collector may have been faster: it takes its finalizer off once it has taken
 * the node off the owners of everything.
 *
 * @param found what has the name of the node's StatefulSet
 */
export function hasLetGo(node: SeiNode, found: StatefulSetView | undefined): boolean {
  if (keepsWhatItOwns(node)) return true;
  const isTracked = found !== undefined && found.uid === node.status?.statefulSet?.uid;
  return isTracked && found.owner === undefined;
}
