import type { Testbed } from './testbed.ts';

/** An Event about a node, in short. */
export interface NodeEvent {
  readonly type: string | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

/** The Events about a node, oldest first. */
export async function eventsOf(bed: Testbed, node: string): Promise<readonly NodeEvent[]> {
  const fieldSelector = `involvedObject.kind=SeiNode,involvedObject.name=${node}`;
  const { items } = await bed.core.listNamespacedEvent({ namespace: bed.namespace, fieldSelector });
  return items
    .toSorted(
      (one, other) =>
        timeOf(one.eventTime ?? one.firstTimestamp) -
        timeOf(other.eventTime ?? other.firstTimestamp),
    )
    .map(({ type, reason, message }) => ({ type, reason, message }));
}

function timeOf(time: Date | undefined): number {
  return time?.getTime() ?? 0;
}
