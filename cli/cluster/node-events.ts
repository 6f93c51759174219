import type { CoreV1Event } from '@kubernetes/client-node';

import type { NodeRef } from '../../domain/node/node-ref.ts';
import { SEI_NODE_KIND } from '../../domain/node/sei-node.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { listObjects } from '../../kubernetes/api/list-objects.ts';
import { EVENTS, listPath } from '../../kubernetes/api/resource.ts';
import { startReflector } from '../../kubernetes/watch/reflector.ts';
import type { NodeEvent } from '../node/log-entry.ts';
import { interruptionLogger } from './interruption-logger.ts';
import { selecting } from './selecting.ts';

/** The same bound as that of every other call, for each page. */
const LIST_SILENCE_MS = 15_000;

/** Lists the Events about the node that the cluster still keeps: by default those of the last hour. */
export async function nodeEvents(
  kubernetes: KubernetesConnection,
  node: NodeRef,
  signal: AbortSignal,
): Promise<readonly NodeEvent[]> {
  const events: NodeEvent[] = [];
  const options = { signal, silenceMs: LIST_SILENCE_MS };
  const path = listPath(EVENTS, node.namespace);
  for await (const event of listObjects(aboutNode(kubernetes, node), path, undefined, options)) {
    if (event.kind === 'object') events.push(nodeEventOf(event.object));
  }
  return events;
}

/** Calls back with each Event about the node: those that are there, then new ones as they come. */
export function followNodeEvents(
  kubernetes: KubernetesConnection,
  node: NodeRef,
  onEvent: (event: NodeEvent) => void,
  onInterruption: (message: string) => void,
  signal: AbortSignal,
): void {
  startReflector({
    connection: aboutNode(kubernetes, node),
    path: listPath(EVENTS, node.namespace),
    transform: nodeEventOf,
    onChange: (change) => {
      if (change.kind !== 'deleted') onEvent(change.object);
    },
    logger: interruptionLogger(onInterruption),
    signal,
  });
}

function aboutNode(kubernetes: KubernetesConnection, { name, uid }: NodeRef) {
  const selectors = [
    `involvedObject.kind=${SEI_NODE_KIND}`,
    `involvedObject.name=${name}`,
    `involvedObject.uid=${uid}`,
  ];
  return selecting(kubernetes, selectors.join(','));
}

function nodeEventOf(object: unknown): NodeEvent {
  const event = object as CoreV1Event;
  return {
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: event.count ?? 1,
    ...lastSeen(event),
  };
}

/** Reads strings, or null: JSON has these where the library's types have dates. */
function lastSeen({ eventTime, lastTimestamp, metadata }: CoreV1Event) {
  const exactMs = Date.parse(String(eventTime));
  const atMs = Date.parse(String(lastTimestamp ?? eventTime ?? metadata.creationTimestamp));
  // An Event that was seen again keeps the time of its first occurrence in `eventTime`.
  return exactMs >= atMs
    ? { atMs: exactMs, resolutionMs: 1 as const }
    : { atMs, resolutionMs: 1_000 as const };
}
