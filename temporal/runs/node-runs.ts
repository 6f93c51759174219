import { keyOf } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { hasNodePodName } from '../../domain/pod/node-pod.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import { SEID_CONTAINER, SIDECAR_CONTAINER } from '../../domain/pod/pod-view.ts';
import { NODE_NAMES } from '../../domain/run/kind-names.ts';
import type { SearchAttribute } from '../../domain/run/search-attribute.ts';
import type { Observation, Work, WorkKind } from '../../domain/work/due-work.ts';
import { describeDue, isOnlyNotConverging } from '../../domain/work/not-converging.ts';
import { describeNeed } from '../../domain/work/sync-need.ts';
import type { RunKind, RunWork } from './run-kind.ts';

/** SeiNodes as a kind of object with runs. */
export const NODE_RUNS = {
  names: NODE_NAMES,
  steeredBy: 'nodeSync' satisfies WorkKind,
  searchAttributes: ({ metadata, spec }) =>
    ({
      node: metadata.name,
      namespace: metadata.namespace,
      chain: spec.chainId,
      image: spec.image,
      step: 'begin',
      outcome: 'Running',
    }) satisfies Record<SearchAttribute, string>,
} as const satisfies RunKind<SeiNode>;

/** A node, with the objects that show if anything has happened to it since its run was last signalled. */
type SeenNode = Pick<Observation, 'node' | 'pods' | 'statefulSet'>;

/** Enough to name the due work; a signal is no place for a long list. */
const LONGEST_WHY = 300;

/** Returns the due work of a node in the form with which a run is started. */
export function nodeWork(seen: SeenNode, due: Work): RunWork<WorkKind> {
  const why = describeDue(due).slice(0, LONGEST_WHY);
  return {
    type: due.kind,
    why,
    sameAs: sameWork(due.kind, why, seen),
    // Its own run looks after that: for all other due work it may close.
    observedDue: isOnlyNotConverging(seen.node, due) ? 'nothing' : due.kind,
    summary: `${keyOf(seen.node.metadata)}: ${describe(seen.node, due)}`,
  };
}

function describe({ spec, status }: SeiNode, due: Work): string {
  switch (due.kind) {
    case 'nodeInit':
      return `bring up ${spec.image}`;
    case 'nodeSync':
      return due.needs.map(describeNeed).join('; ');
    case 'nodeDelete':
      return 'take down';
    case 'nodeUpdate':
      return `${status?.currentImage ?? '(none)'} to ${due.target.image}`;
  }
}

/**
 * Names the work; of a sync, with the node's surroundings: a sidecar that is killed every ten minutes, a seid in a
 * crash loop and a pod that is evicted again call for the same work, but each time something has happened. Nobody
 * disagrees, and the work has to be done at once. All other work changes the surroundings itself. The StatefulSet's
 * generation is no part of it: a writer that keeps changing it is the one that disagrees.
 */
export function sameWork(
  kind: WorkKind,
  why: string,
  { node, pods, statefulSet }: SeenNode,
): string {
  const own = pods.filter((pod) => hasNodePodName(pod, node.metadata));
  const around = kind === 'nodeSync' ? [statefulSet?.uid, own.map(livesOf).toSorted()] : [];
  return JSON.stringify([kind, why, ...around]);
}

/** Names the pod, and counts the starts of its containers. */
function livesOf({ uid, containers }: PodView): string {
  const restarts = containers
    .filter(({ name }) => name === SEID_CONTAINER || name === SIDECAR_CONTAINER)
    .map(({ name, restartCount }) => `${name} ${restartCount}`);
  return [uid, ...restarts].join(' ');
}
