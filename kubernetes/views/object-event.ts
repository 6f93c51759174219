import type { RawObject } from '../../domain/node/raw-object.ts';
import { fieldsOf, textOf } from '../../domain/node/raw-object.ts';
import type { ObjectEvent } from '../../domain/pod/object-event.ts';

/**
 * Reduces an Event to what decisions are made from. Writers through core/v1 count in `lastTimestamp`, writers through
 * events.k8s.io in `series`, and only `creationTimestamp` is always there.
 */
export function objectEvent(event: RawObject): ObjectEvent {
  const { metadata, series, type, reason, message } = event;
  const created = fieldsOf(metadata)['creationTimestamp'];
  const seen = [
    created,
    event['eventTime'],
    event['firstTimestamp'],
    event['lastTimestamp'],
    fieldsOf(series)['lastObservedTime'],
  ]
    .filter((time) => typeof time === 'string')
    .toSorted((a, b) => Date.parse(a) - Date.parse(b));
  return {
    isWarning: type === 'Warning',
    reason: textOf(reason),
    message: textOf(message),
    firstSeen: seen[0] ?? '',
    lastSeen: seen.at(-1) ?? '',
  };
}
