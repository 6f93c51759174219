import { describe, expect, it } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { StatefulSetView } from '../../domain/pod/stateful-set-view.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { appliedInPasses, PLAN, TO_V2, updatingBed } from './activity-bed.ts';
import { replaceByImpostor } from './rendered-stateful-set.ts';

/** Every version that there has been of the node and of its StatefulSet, oldest first. */
interface Past {
  readonly nodes: readonly SeiNode[];
  readonly statefulSets: readonly (StatefulSetView | undefined)[];
}

/** The ways in which a node comes to track another StatefulSet than at its beginning. */
const COURSES: Readonly<Record<string, (bed: ActivityBed) => Promise<unknown>>> = {
  'one that was made anew': (bed) => {
    bed.cluster.deleteStatefulSet(NODE);
    return apply(bed);
  },
  'one that was made after an impostor': (bed) => {
    replaceByImpostor(bed);
    return apply(bed);
  },
  'one that was made anew twice': async (bed) => {
    bed.cluster.deleteStatefulSet(NODE);
    await apply(bed);
    bed.cluster.deleteStatefulSet(NODE);
    await apply(bed);
  },
};

function apply(bed: ActivityBed) {
  const { generation } = bed.node.metadata;
  return appliedInPasses(bed, { ...PLAN, target: TO_V2, generation });
}

/** The course has been run. Beds are alike, so one bed's past is another's. */
async function bedAfter(course: (bed: ActivityBed) => Promise<unknown>) {
  const bed = await updatingBed();
  const nodes = [bed.node];
  const statefulSets = [bed.cluster.statefulSet(NODE), undefined];
  bed.cluster.cache.subscribe(() => {
    nodes.push(bed.node);
    statefulSets.push(bed.cluster.statefulSet(NODE));
  });
  await course(bed);
  bed.cluster.requests.clear();
  const past: Past = { nodes: [...new Set(nodes)], statefulSets: distinct(statefulSets) };
  return { bed, past };
}

function distinct(views: readonly (StatefulSetView | undefined)[]) {
  return [...new Map(views.map((view) => [view?.resourceVersion, view])).values()];
}

/** Runs the step with reads from the past, as the retry policy does, until it has applied. */
async function applyWithReads(
  bed: ActivityBed,
  node: SeiNode,
  statefulSet: StatefulSetView | undefined,
  staleReads: number,
): Promise<void> {
  // The cache is behind as well, so that each attempt gets as far as the live reads.
  bed.cluster.cache.freeze();
  bed.cluster.cache.show(node);
  for (let read = 0; read < staleReads; read += 1) {
    bed.cluster.requests.answerWith('getNode', node);
    bed.cluster.requests.answerWith('getStatefulSet', statefulSet);
  }
  for (let attempts = 0; attempts < 20; attempts += 1) {
    try {
      await apply(bed);
      return;
    } catch {
      bed.advanceClock(1);
    }
  }
  throw new Error('the step never applied');
}

describe.each(Object.entries(COURSES))('reads from before %s', (_, course) => {
  it.each([1, 2, 7])('delete nothing, %i in a row, and the step ends on it', async (staleReads) => {
    const { past } = await bedAfter(course);
    for (const node of past.nodes) {
      for (const statefulSet of past.statefulSets) {
        const { bed } = await bedAfter(course);
        const kept = bed.cluster.statefulSet(NODE)?.uid;
        await applyWithReads(bed, node, statefulSet, staleReads);
        const { resourceVersion } = node.metadata;
        expect({
          reads: { node: resourceVersion, statefulSet: statefulSet?.uid },
          deletes: bed.cluster.requests.of('deleteStatefulSet').filter(({ changed }) => changed),
          uid: bed.cluster.statefulSet(NODE)?.uid,
          tracked: bed.node.status?.statefulSet?.uid,
        }).toEqual({
          reads: { node: resourceVersion, statefulSet: statefulSet?.uid },
          deletes: [],
          uid: kept,
          tracked: kept,
        });
      }
    }
  });
});
