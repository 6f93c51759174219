import { isByOperator } from './operator.ts';
import type { Write, World } from './replay.ts';
import type { TracedObject } from './traced-object.ts';
import { ownerOf } from './traced-object.ts';
import type { Violation } from './violation.ts';

/** The finalizer that the API server adds to an object that is deleted with `--cascade=orphan`, until that is done. */
const ORPHAN_FINALIZER = 'orphan';

/**
 * The operator deletes a claim only for a node that somebody has deleted, together with what it owns, and never one
 * that the node has imported.
 */
export function claimsKept(): (write: Write, world: World) => Violation[] {
  const orphaning = new Set<string>();
  return (write, world) => {
    const { before, after, request } = write;
    if (after?.kind === 'SeiNode' && after.finalizers.includes(ORPHAN_FINALIZER)) {
      orphaning.add(after.uid);
    }
    if (before?.kind !== 'PersistentVolumeClaim' || !request.verb.startsWith('delete')) return [];
    if (!isByOperator(request)) return [];
    const because = whyKept(before, world, orphaning);
    if (because === undefined) return [];
    return [
      {
        rule: 'No claim goes but after deletion was asked for',
        message: `the operator deletes PersistentVolumeClaim ${before.namespace}/${before.name} (UID ${before.uid}), and ${because}`,
        writes: [write],
      },
    ];
  };
}

/** @returns undefined for a claim that may go */
function whyKept(
  claim: TracedObject,
  world: World,
  orphaning: ReadonlySet<string>,
): string | undefined {
  const node = nodeOf(claim, world);
  if (node === undefined) return 'there is no SeiNode whose claim it is';
  const called = `SeiNode ${node.name}`;
  if (node.content.importedClaim === claim.name) return `${called} has imported it`;
  if (orphaning.has(node.uid)) return `${called} is deleted with --cascade=orphan`;
  if (node.deletionTimestamp === undefined && !world.isGone(node.uid)) {
    return `nobody has deleted ${called}`;
  }
  return undefined;
}

function nodeOf(claim: TracedObject, world: World): TracedObject | undefined {
  const owner = ownerOf(claim);
  if (owner !== undefined) {
    const object = world.get(owner.uid);
    return object?.kind === 'SeiNode' ? object : undefined;
  }
  const name = /^data-(.+)$/.exec(claim.name)?.[1] ?? '';
  return world.named('SeiNode', claim.namespace, name);
}
