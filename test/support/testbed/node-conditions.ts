import type { ConditionType } from '../../../domain/node/condition.ts';
import { findCondition } from '../../../domain/node/condition.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';

/** Writes a condition as `True/UpdateStarted`; undefined while the node has none of the type. */
export function conditionOf(node: SeiNode, type: ConditionType): string | undefined {
  const condition = findCondition(node.status?.conditions, type);
  return condition && `${condition.status}/${condition.reason}`;
}

/** Matches a node that runs on this image, with nothing under way and the whole spec taken into account. */
export function hasSettledOn(image: string): (node: SeiNode) => boolean {
  return (node) => {
    const { status } = node;
    return (
      node.spec.image === image &&
      status?.phase === 'Running' &&
      status.currentImage === image &&
      status.observedGeneration === node.metadata.generation &&
      status.plan?.phase === 'Complete' &&
      conditionOf(node, 'Ready') === 'True/Running' &&
      conditionOf(node, 'NodeUpdateInProgress') !== 'True/UpdateStarted'
    );
  };
}

/** Lists the values that something took over time, without repetitions. */
export function changesOf<T>(
  versions: readonly SeiNode[],
  value: (node: SeiNode) => T,
): readonly T[] {
  return versions.map(value).filter((each, index, all) => index === 0 || each !== all[index - 1]);
}
