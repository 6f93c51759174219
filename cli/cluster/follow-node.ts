import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { listPath, SEI_NODES } from '../../kubernetes/api/resource.ts';
import { seiNodeOf } from '../../kubernetes/views/sei-node-of.ts';
import { startReflector } from '../../kubernetes/watch/reflector.ts';
import { interruptionLogger } from './interruption-logger.ts';
import { selecting } from './selecting.ts';

export interface NodeFollower {
  /** Called with each version of the node, in order; undefined when it is gone. */
  readonly onVersion: (node: SeiNode | undefined) => void;
  /** Called when the connection is interrupted; the watch reconnects on its own. */
  readonly onInterruption: (message: string) => void;
}

/**
 * Follows one node by a watch until the signal aborts. Read the node once before: the watch retries for ever, even a
 * request that is refused for good.
 */
export function followNode(
  kubernetes: KubernetesConnection,
  { namespace, name }: ObjectKey,
  { onVersion, onInterruption }: NodeFollower,
  signal: AbortSignal,
): void {
  startReflector({
    connection: selecting(kubernetes, `metadata.name=${name}`),
    path: listPath(SEI_NODES, namespace),
    transform: seiNodeOf,
    onChange: (change) => onVersion(change.kind === 'deleted' ? undefined : change.object),
    logger: interruptionLogger(onInterruption),
    signal,
  });
}
