import type { SeiNode } from '../domain/node/sei-node.ts';
import { CHAIN_LABEL, NODE_LABEL, ROLE_LABEL, roleOf } from '../domain/node/sei-node.ts';

/**
 * Returns the labels of every object of a node: those of `spec.podLabels`, overlaid by ours, since
 * selectors and watches rely on ours. Sorted, so that equal specs render to equal bytes.
 */
export function labelsFor(node: SeiNode): Record<string, string> {
  const labels = {
    ...node.spec.podLabels,
    ...selectorFor(node),
    [CHAIN_LABEL]: node.spec.chainId,
    [ROLE_LABEL]: roleOf(node.spec),
  };
  return Object.fromEntries(
    Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** Selects the node's pod. Immutable in a StatefulSet, hence without anything that could ever change. */
export function selectorFor(node: SeiNode): Record<string, string> {
  return { [NODE_LABEL]: node.metadata.name };
}
