import { identityOf, isRawObject } from '../../domain/node/raw-object.ts';
import type { SeiNode, SeiNodeMetadata } from '../../domain/node/sei-node.ts';
import { DEDICATED_NODE_ANNOTATION } from '../../domain/node/sei-node.ts';
import { boundedWord } from '../../domain/text/bounded-text.ts';

/** Twice as many as a selector of peers can name. Labels beyond that cannot be selected. */
const MOST_LABELS = 64;

/**
 * Reads a SeiNode from the JSON of the API server, whose shape the schema of the CRD has checked. No schema bounds its
 * metadata, so only what is read is kept: not the copies of all fields that kubectl apply and the API server leave
 * there, nor the annotations of others. Keeps all finalizers, because ours is added and removed by writing the whole
 * list.
 */
export function seiNodeOf(object: unknown): SeiNode {
  if (!isRawObject(object) || identityOf(object) === undefined || !isRawObject(object['spec'])) {
    throw new Error('the API server answered with something that is no SeiNode');
  }
  return { ...object, metadata: keptOf(object['metadata'] as SeiNodeMetadata) } as SeiNode;
}

function keptOf(metadata: SeiNodeMetadata): SeiNodeMetadata {
  const { name, namespace, uid, generation, resourceVersion } = metadata;
  const { creationTimestamp, deletionTimestamp, finalizers, labels, annotations } = metadata;
  const dedicated = annotations?.[DEDICATED_NODE_ANNOTATION];
  return {
    name,
    namespace,
    uid,
    generation,
    resourceVersion,
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    ...(deletionTimestamp !== undefined && { deletionTimestamp }),
    ...(finalizers !== undefined && { finalizers }),
    ...(labels !== undefined && { labels: firstOf(labels) }),
    ...(dedicated !== undefined && {
      annotations: { [DEDICATED_NODE_ANNOTATION]: boundedWord(dedicated) },
    }),
  };
}

/** The API server sends labels sorted by name, so these are always the same ones. */
function firstOf(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const all = Object.entries(labels);
  return all.length <= MOST_LABELS ? labels : Object.fromEntries(all.slice(0, MOST_LABELS));
}
