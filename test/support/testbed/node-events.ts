import type { CoreV1Event } from '@kubernetes/client-node';

import { eventually } from '../eventually.ts';
import type { Testbed } from './testbed.ts';

/** An Event about a node, in short. */
export interface NodeEvent {
  readonly type: string | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

/** Lists the Events about a node, oldest first. */
export async function eventsOf(bed: Testbed, node: string): Promise<readonly NodeEvent[]> {
  const fieldSelector = `involvedObject.kind=SeiNode,involvedObject.name=${node}`;
  const { items } = await bed.core.listNamespacedEvent({ namespace: bed.namespace, fieldSelector });
  return items
    .toSorted((one, other) => timeOf(one) - timeOf(other))
    .map(({ type, reason, message }) => ({ type, reason, message }));
}

/** Waits for an Event: the operator records it after the status. */
export async function untilEvent(bed: Testbed, node: string, reason: string): Promise<NodeEvent> {
  let found: NodeEvent | undefined;
  await eventually(`there is an Event ${reason} of ${node}`, async () => {
    found = (await eventsOf(bed, node)).find((event) => event.reason === reason);
    return found !== undefined;
  });
  if (found === undefined) throw new Error(`${node} has no Event ${reason}`);
  return found;
}

/** Parses the time: others' Events may have whole seconds only; a time of microseconds comes as a string. */
function timeOf({ eventTime, firstTimestamp }: CoreV1Event): number {
  return new Date(eventTime ?? firstTimestamp ?? 0).getTime();
}
