import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { nodeOutcome } from '../../domain/status/node-outcome.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { followNode } from './follow-node.ts';
import type { SettledOutcome } from './settling.ts';
import { createSettling } from './settling.ts';

export interface Wait {
  readonly node: ObjectKey;
  /** The image that was asked for; undefined to wait for whatever is under way. */
  readonly image?: string;
  /** The generation from which on the node counts: an older version says nothing about what was asked for. */
  readonly atLeastGeneration: number;
  /** Undefined for a wait without an end. */
  readonly timeoutSeconds: number | undefined;
  readonly onVersion: (node: SeiNode | undefined) => void;
  readonly onInterruption: (message: string) => void;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

export type WaitEnd =
  | SettledOutcome
  | { readonly kind: 'timed-out'; readonly last: SeiNode | undefined };

/** Follows the node until its outcome is known, or the time is over. Rejects when the signal aborts. */
export async function untilOutcome(kubernetes: KubernetesConnection, wait: Wait): Promise<WaitEnd> {
  const { node: key, image, atLeastGeneration, timeoutSeconds, signal } = wait;
  const over = new AbortController();
  let last: SeiNode | undefined;
  let timer: NodeJS.Timeout | undefined;
  const settling = createSettling({ steady: image !== undefined });
  try {
    return await new Promise<WaitEnd>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      if (timeoutSeconds !== undefined) {
        timer = setTimeout(() => resolve({ kind: 'timed-out', last }), timeoutSeconds * 1_000);
      }
      const onVersion = (node: SeiNode | undefined): void => {
        if (over.signal.aborted) return;
        if (node !== undefined && node.metadata.generation < atLeastGeneration) return;
        last = node;
        wait.onVersion(node);
        settling.see(nodeOutcome(node, key.name, image), resolve);
      };
      const { onInterruption } = wait;
      followNode(kubernetes, key, { onVersion, onInterruption }, over.signal);
    });
  } finally {
    clearTimeout(timer);
    settling.stop();
    over.abort();
  }
}
