import { hasSettledOn } from '../support/testbed/node-conditions.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import type { BenchOperator } from './bench-operator.ts';
import { countRunsSince, untilRunsClosed } from './bench-runs.ts';
import type { NodeFleet } from './node-fleet.ts';

/** As long as taking back 100 nodes takes on two cores, ten times: a benchmark that hangs must end. */
const DEADLINE_MS = 300_000;

/** A fleet and the operator that brought it up. */
export interface OperatedFleet {
  readonly bed: Testbed;
  readonly operator: BenchOperator;
  readonly fleet: NodeFleet;
}

/**
 * Starts the operator, and waits until it has let the pods that somebody replaced by hand through and recorded them:
 * no status names those yet.
 *
 * @throws when it rolled a node or changed a StatefulSet, because then it had found drift
 */
export async function startAgain({ bed, operator, fleet }: OperatedFleet): Promise<void> {
  const since = new Date();
  const before = await generations(bed);
  await operator.start();
  const hasSettled = hasSettledOn(fleet.image());
  await Promise.all(
    fleet
      .names()
      .map((name) =>
        bed.nodes.until(
          name,
          'it is Running with the pod that it has',
          (node) => hasSettled(node) && node.status?.pod?.uid === bed.pods.uids(name).at(-1),
          DEADLINE_MS,
        ),
      ),
  );
  await untilRunsClosed(bed);
  const rolls = await countRunsSince(bed, 'nodeUpdate', since);
  if (rolls > 0) throw new Error(`the operator rolled ${rolls} nodes that were as it wants them`);
  const after = await generations(bed);
  const changed = [...after].filter(([name, generation]) => before.get(name) !== generation);
  if (changed.length > 0) throw new Error(`the operator changed ${changed.length} StatefulSets`);
}

/** Returns the generation of each StatefulSet: an apply that changes nothing does not change it either. */
async function generations({ apps, namespace }: Testbed): Promise<ReadonlyMap<string, number>> {
  const { items } = await apps.listNamespacedStatefulSet({ namespace });
  return new Map(
    items.map(({ metadata }) => [metadata?.name ?? '', metadata?.generation ?? 0] as const),
  );
}
