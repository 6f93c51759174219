import { hostname } from 'node:os';

import type { CoreV1Event } from '@kubernetes/client-node';

import { FIELD_MANAGER } from '../domain/node/sei-node.ts';
import { cleanText } from '../domain/text/text.ts';
import type { NewEvent } from './cluster.ts';
import { microTime } from './views/timestamp.ts';

/** In bytes of UTF-8: the API server refuses a longer message in an Event with an `eventTime`. */
const MESSAGE_LIMIT = 1_024;

/** As JSON carries it: a MicroTime is a string there. */
type SentEvent = Omit<CoreV1Event, 'eventTime'> & { readonly eventTime: string };

/**
 * Returns the Event in core/v1, not events.k8s.io/v1: kubectl describe sorts by `lastTimestamp`, which the newer API
 * does not let a client set, so that its events would appear in no order. That field has whole seconds; `eventTime`
 * orders the Events within a second.
 */
export function coreEvent(event: NewEvent): SentEvent {
  const at = new Date(event.at);
  const { apiVersion, kind, namespace, name, uid } = event.about;
  return {
    metadata: { namespace, name: event.name },
    involvedObject: { apiVersion, kind, namespace, name, uid },
    type: event.type,
    reason: event.reason,
    message: shortened(cleanText(event.message, MESSAGE_LIMIT)),
    // Required in an Event with an `eventTime`.
    action: 'Reconciling',
    eventTime: microTime(at),
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    source: { component: FIELD_MANAGER },
    reportingComponent: FIELD_MANAGER,
    reportingInstance: hostname(),
  };
}

function shortened(message: string): string {
  const bytes = Buffer.from(message);
  if (bytes.length <= MESSAGE_LIMIT) return message;
  const ellipsis = '…';
  const room = bytes.subarray(0, MESSAGE_LIMIT - Buffer.byteLength(ellipsis));
  // Streaming, so that a character which the cut goes through is left out.
  return new TextDecoder().decode(room, { stream: true }) + ellipsis;
}
