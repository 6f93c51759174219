import { NODE_LABEL } from '../../../../domain/node/sei-node.ts';
import { isByOperator } from './operator.ts';
import type { Write, World } from './replay.ts';
import type { Size, TracedObject } from './traced-object.ts';
import { hasEnded, ownerOf } from './traced-object.ts';
import type { Violation } from './violation.ts';

/** The annotation of a pod that a test lets share a key on purpose; the value says why. */
export const SHARES_KEY = 'trace.sei.io/shares-key';

/** A pod that mounts keys, and the write that made it. */
interface Holder {
  readonly pod: TracedObject;
  readonly born: Write;
}

/** The size at which a StatefulSet was made, and whether the operator chose it. */
interface Sized {
  readonly size: Size;
  readonly isByOperator: boolean;
}

/**
 * At no time do pods of two nodes mount the same Secret or the same claim. A pod that is being deleted counts until it
 * is gone; one that has ended does not.
 *
 * Every Secret that a node's pod mounts is a key (`one-key-one-pod.test.ts` checks that). A pod counts if a StatefulSet
 * has made it, unless somebody else than the operator has asked that StatefulSet for it.
 */
export function oneKeyOnePod(): (write: Write, world: World) => Violation[] {
  const holders = new Map<string, Map<string, Holder>>();
  const born = new Map<string, Write>();
  const sizes = new Map<string, Sized[]>();

  function isCounted({ before, after, request }: Write): boolean {
    const pod = after ?? before;
    if (pod === undefined || pod.labels[NODE_LABEL] === undefined) return false;
    if (SHARES_KEY in pod.annotations) return false;
    const owner = ownerOf(pod);
    if (before !== undefined || request.code !== 201) return false;
    return owner?.kind === 'StatefulSet' && !isAskedForByHand(pod, sizes.get(owner.uid) ?? []);
  }

  function enter(write: Write, pod: TracedObject): Violation[] {
    const violations: Violation[] = [];
    for (const { kind, name, volume } of pod.content.mounts) {
      const key = `${kind} ${pod.namespace}/${name}`;
      const pods = holders.get(key) ?? new Map<string, Holder>();
      holders.set(key, pods);
      if (!pods.has(pod.uid)) {
        for (const other of pods.values()) {
          violations.push({
            rule: 'One key, one pod',
            message: `${key} is mounted by two pods at once (volume ${volume}): ${shown(other.pod)}, and ${shown(pod)}`,
            writes: [other.born, write],
          });
        }
      }
      pods.set(pod.uid, { pod, born: born.get(pod.uid) ?? write });
    }
    return violations;
  }

  function leave(pod: TracedObject): void {
    for (const { kind, name } of pod.content.mounts) {
      holders.get(`${kind} ${pod.namespace}/${name}`)?.delete(pod.uid);
    }
  }

  return (write, world) => {
    const { before, after } = write;
    const object = after ?? before;
    if (object?.kind === 'StatefulSet') note(sizes, write);
    if (object?.kind !== 'Pod') return [];
    // The previous pod of the name is gone, even where nothing shows its end.
    const namesake = world.named('Pod', object.namespace, object.name);
    if (namesake !== undefined && namesake.uid !== object.uid) leave(namesake);
    if (isCounted(write)) born.set(object.uid, write);
    if (after === undefined || world.isGone(after.uid) || hasEnded(after)) {
      leave(object);
      return [];
    }
    return born.has(after.uid) ? enter(write, after) : [];
  };
}

function shown({ name, uid, deletionTimestamp }: TracedObject): string {
  const state = deletionTimestamp === undefined ? '' : ', which is being deleted and not gone';
  return `${name} (UID ${uid}${state})`;
}

/** Notes the size: every write of the operator counts as its own, since it renders the size too. */
function note(sizes: Map<string, Sized[]>, { before, after, request }: Write): void {
  if (after === undefined) return;
  const known = sizes.get(after.uid) ?? [];
  sizes.set(after.uid, known);
  const { size } = after.content;
  const isOurs = isByOperator(request);
  const isNew =
    before === undefined ||
    size.replicas !== before.content.size.replicas ||
    size.firstOrdinal !== before.content.size.firstOrdinal;
  if (isNew || isOurs) known.push({ size, isByOperator: isOurs });
}

/**
 * Returns whether the newest size that asked for this pod was a person's. The controller may make a pod of a size that
 * the operator has corrected in the meantime.
 */
function isAskedForByHand({ name }: TracedObject, sizes: readonly Sized[]): boolean {
  const ordinal = Number(name.slice(name.lastIndexOf('-') + 1));
  const asking = sizes.findLast(
    ({ size: { firstOrdinal, replicas } }) =>
      firstOrdinal <= ordinal && ordinal < firstOrdinal + replicas,
  );
  return asking?.isByOperator === false;
}
