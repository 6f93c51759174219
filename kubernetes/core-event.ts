import { hostname } from 'node:os';

import type { CoreV1Event } from '@kubernetes/client-node';

import {
  FIELD_MANAGER,
  SEI_NODE_GROUP,
  SEI_NODE_KIND,
  SEI_NODE_VERSION,
} from '../domain/sei-node.ts';
import type { NodeEvent } from './cluster.ts';

/**
 * The Event in core/v1, not events.k8s.io/v1: kubectl describe sorts by `lastTimestamp`, which the
 * newer API does not let a client set, so that its events would appear in no order.
 */
export function coreEvent(event: NodeEvent): CoreV1Event {
  const at = new Date(event.at);
  const { namespace, name, uid } = event.node;
  return {
    metadata: { namespace, name: event.name },
    involvedObject: {
      apiVersion: `${SEI_NODE_GROUP}/${SEI_NODE_VERSION}`,
      kind: SEI_NODE_KIND,
      namespace,
      name,
      uid,
    },
    type: event.type,
    reason: event.reason,
    message: event.message,
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    source: { component: FIELD_MANAGER },
    reportingComponent: FIELD_MANAGER,
    reportingInstance: hostname(),
  };
}
