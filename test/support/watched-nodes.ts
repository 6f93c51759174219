import type { SeiNode } from '../../domain/sei-node.ts';
import {
  SEI_NODE_GROUP as GROUP,
  SEI_NODE_PLURAL as PLURAL,
  SEI_NODE_VERSION as VERSION,
} from '../../domain/sei-node.ts';
import type { KubernetesConnection } from '../../kubernetes/client.ts';
import { startReflector } from '../../kubernetes/reflector.ts';
import { seiNodeOf } from '../../kubernetes/sei-node-of.ts';

/** Longer than anything healthy takes on a busy machine of two cores; shorter than a test may take. */
const DEFAULT_DEADLINE_MS = 60_000;

/** The SeiNodes of a namespace as a watch shows them, with all that they have been. */
export interface WatchedNodes {
  /** Every version that the watch showed, oldest first. */
  versions(name: string): readonly SeiNode[];
  /**
   * The first version, from the newest one on, for which a condition holds.
   *
   * @param what the condition as a clause, for the error: `it runs v2`
   */
  until(
    name: string,
    what: string,
    holds: (node: SeiNode) => boolean,
    deadlineMs?: number,
  ): Promise<SeiNode>;
}

export async function watchNodes(
  connection: KubernetesConnection,
  namespace: string,
  signal: AbortSignal,
): Promise<WatchedNodes> {
  const versions = new Map<string, SeiNode[]>();
  const listeners = new Set<(node: SeiNode) => void>();
  const ignore = (): void => undefined;
  const reflector = startReflector({
    connection,
    path: `/apis/${GROUP}/${VERSION}/namespaces/${namespace}/${PLURAL}`,
    signal,
    // A watch that breaks goes on by itself; the deadline of whoever waits tells if it does not.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    transform: seiNodeOf,
    onChange: ({ kind, object }) => {
      if (kind === 'deleted') return;
      const { name } = object.metadata;
      versions
        .set(name, versions.get(name) ?? [])
        .get(name)
        ?.push(object);
      for (const listener of listeners) listener(object);
    },
  });
  await reflector.whenSynced();

  return {
    versions: (name) => versions.get(name) ?? [],
    until: async (name, what, holds, deadlineMs = DEFAULT_DEADLINE_MS) => {
      const newest = versions.get(name)?.at(-1);
      if (newest !== undefined && holds(newest)) return newest;
      let stop = ignore;
      try {
        return await new Promise<SeiNode>((resolve, reject) => {
          const listener = (node: SeiNode): void => {
            if (node.metadata.name === name && holds(node)) resolve(node);
          };
          const timer = setTimeout(() => {
            const last = JSON.stringify(versions.get(name)?.at(-1), undefined, 2);
            reject(new Error(`after ${deadlineMs} ms ${name} is not so that ${what}: ${last}`));
          }, deadlineMs);
          listeners.add(listener);
          stop = () => {
            clearTimeout(timer);
            listeners.delete(listener);
          };
        });
      } finally {
        stop();
      }
    },
  };
}
