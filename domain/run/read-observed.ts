import type { NodeRef } from '../node/node-ref.ts';
import { keyOf } from '../node/node-ref.ts';
import { cleanText } from '../text/text.ts';
import type { DueWork, WorkKind } from '../work/due-work.ts';
import type { KindNames } from './kind-names.ts';
import type { Observed } from './node-run.ts';
import type { Read } from './payload.ts';
import { countOf, fieldsOf, fits, isOptionalString, keyIn, misfit, nodeRefOf } from './payload.ts';

/** The longest clause for a condition. */
const WHY_LENGTH = 300;

const CAUSES: Readonly<Record<Observed['cause'], true>> = { change: true, resync: true };

/** The kinds of due work that have no workflow, whatever the kind of object. */
const NO_WORK: Readonly<Record<Exclude<DueWork['kind'], WorkKind>, true>> = {
  nothing: true,
  held: true,
  failed: true,
};

/**
 * Reads a signal about an observation. Its node must have the run's namespace and name; another UID and the generation
 * are hints, which only a read of the node confirms.
 */
export function readObserved(
  { workflows }: KindNames,
  message: unknown,
  run: NodeRef,
): Read<Observed<string>> {
  const fields = fieldsOf(message);
  if (fields === undefined) return misfit('it is no object');
  const node = nodeRefOf(fields['node']);
  if (node === undefined) return misfit('its node has no namespace, name and uid');
  if (keyOf(node) !== keyOf(run)) return misfit(`it is about ${keyOf(node)}`);
  const generation = countOf(fields['generation']);
  if (generation === undefined) return misfit('its generation is no whole number from 0 on');
  const cause = keyIn(CAUSES, fields['cause']);
  if (cause === undefined) return misfit('its cause is neither change nor resync');
  const due = keyIn({ ...NO_WORK, ...workflows }, fields['due']);
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
