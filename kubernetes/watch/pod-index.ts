import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { keyOf } from '../../domain/node/node-ref.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import type { Change } from './object-store.ts';

/** Pods by the node that their label names. */
export interface PodIndex {
  of(node: ObjectKey): readonly PodView[];
  /** Applies a change, and returns the nodes whose pods it changes. */
  apply(change: Change<PodView>): readonly ObjectKey[];
}

export function createPodIndex(): PodIndex {
  const byNode = new Map<string, readonly PodView[]>();

  const remove = (pod: PodView): readonly ObjectKey[] => {
    const node = nodeOf(pod);
    if (node === undefined) return [];
    const rest = (byNode.get(keyOf(node)) ?? []).filter(({ uid }) => uid !== pod.uid);
    if (rest.length === 0) byNode.delete(keyOf(node));
    else byNode.set(keyOf(node), rest);
    return [node];
  };

  const add = (pod: PodView): readonly ObjectKey[] => {
    const node = nodeOf(pod);
    if (node === undefined) return [];
    byNode.set(keyOf(node), [...(byNode.get(keyOf(node)) ?? []), pod]);
    return [node];
  };

  return {
    of: (node) => byNode.get(keyOf(node)) ?? [],
    apply: (change) => {
      switch (change.kind) {
        case 'added':
          return add(change.object);
        case 'deleted':
          return remove(change.object);
        case 'modified': {
          const left = remove(change.before);
          const joined = add(change.object);
          return change.before.node === change.object.node ? joined : [...left, ...joined];
        }
      }
    },
  };
}

function nodeOf(pod: PodView): ObjectKey | undefined {
  return pod.node === undefined ? undefined : { namespace: pod.namespace, name: pod.node };
}
