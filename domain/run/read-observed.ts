import type { NodeRef } from '../node/node-ref.ts';
import { keyOf } from '../node/node-ref.ts';
import { cleanText } from '../text/text.ts';
import type { Observed } from './node-run.ts';
import type { Read } from './payload.ts';
import {
  countOf,
  DUE_KINDS,
  fieldsOf,
  fits,
  isOptionalString,
  keyIn,
  misfit,
  nodeRefOf,
} from './payload.ts';

/** The longest clause for a condition. */
const WHY_LENGTH = 300;

const CAUSES: Readonly<Record<Observed['cause'], true>> = { change: true, resync: true };

/**
 * Reads a signal about an observation. Its node must have the run's namespace and name; another UID and the generation
 * are hints, which only a read of the node confirms.
 */
export function readObserved(message: unknown, run: NodeRef): Read<Observed> {
  const fields = fieldsOf(message);
  if (fields === undefined) return misfit('it is no object');
  const node = nodeRefOf(fields['node']);
  if (node === undefined) return misfit('its node has no namespace, name and uid');
  if (keyOf(node) !== keyOf(run)) return misfit(`it is about ${keyOf(node)}`);
  const generation = countOf(fields['generation']);
  if (generation === undefined) return misfit('its generation is no whole number from 0 on');
  const cause = keyIn(CAUSES, fields['cause']);
  if (cause === undefined) return misfit('its cause is neither change nor resync');
  const due = keyIn(DUE_KINDS, fields['due']);
  if (due === undefined) return misfit('its due names no kind of work');
  const { why, runs } = fields;
  if (!isOptionalString(why)) return misfit('its why is no text');
  if (runs !== undefined && countOf(runs) === undefined) return misfit('its runs is no number');
  return fits({
    node,
    generation,
    cause,
    due,
    ...(typeof why === 'string' && { why: cleanText(why, WHY_LENGTH) }),
    ...(typeof runs === 'number' && { runs }),
  });
}
