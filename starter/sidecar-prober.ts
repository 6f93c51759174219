import { FairLines } from '../domain/fair-lines.ts';
import { findCondition } from '../domain/node/condition.ts';
import type { ObjectKey } from '../domain/node/node-ref.ts';
import { keyOf } from '../domain/node/node-ref.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import type { PodView } from '../domain/pod/pod-view.ts';
import { containerOf, RBAC_PROXY_CONTAINER } from '../domain/pod/pod-view.ts';
import { servingPod } from '../domain/pod/serving-pod.ts';
import type { SidecarState } from '../domain/sidecar/sidecar-state.ts';
import type { ClusterCache } from '../kubernetes/cluster.ts';
import { startVisitingInTurn } from './visit-in-turn.ts';

/**
 * Each watch hears from an API server about once a minute, and gives up after 90 seconds. A cache that is further
 * behind may show an address that another pod has by now.
 */
const MOST_STALE_MS = 120_000;

/** Probes of sidecars that hang last two seconds each; they must not hold up the others for long. */
const CONCURRENCY = 100;

export interface SidecarProber {
  /** Returns the result of the last probe of the node's pod; undefined if there was none. */
  stateOf(node: SeiNode): SidecarState | undefined;
  stop(): void;
}

/**
 * Probes the sidecar of each Running node: at once on a hint of a change, which is the readiness of the proxy (its
 * probe is the sidecar's healthz) or of the recorded condition, and from time to time in any case. An answer from a pod
 * that now has another's address does not last: it goes once the watch shows the change, and no answer counts while the
 * watch shows nothing. A run records only answers that it got itself, from the pod that a live read has shown.
 *
 * @param onChange called with the node's key when a probe finds another state than the one before.
 */
export function startSidecarProber(options: {
  readonly cache: ClusterCache;
  readonly probe: (node: ObjectKey, pod: PodView) => Promise<SidecarState>;
  readonly everySeconds: number;
  readonly onChange: (node: ObjectKey) => void;
}): SidecarProber {
  const { cache, probe, everySeconds, onChange } = options;
  const found = new Map<string, { readonly hint: string; readonly state: SidecarState }>();
  const hints = new Map<string, string>();
  const waiting = new FairLines<ObjectKey>();
  const active = new Set<string>();

  const isFresh = (key: ObjectKey): boolean => cache.staleMs(key) <= MOST_STALE_MS;

  function request(key: ObjectKey): void {
    waiting.add(key.namespace, keyOf(key), key);
    drain();
  }

  function drain(): void {
    while (active.size < CONCURRENCY) {
      const next = waiting.next((id) => !active.has(id));
      if (next === undefined) return;
      const [id, key] = next;
      active.add(id);
      void run(id, key);
    }
  }

  async function run(id: string, key: ObjectKey): Promise<void> {
    try {
      const node = cache.node(key);
      const pod = node && isFresh(key) ? servingPod(node, cache.pods(key)) : undefined;
      if (node === undefined || pod === undefined) {
        found.delete(id);
        return;
      }
      const hint = hintOf(node, pod);
      const before = found.get(id);
      const first = await probe(key, pod);
      // One late answer does not mean that the sidecar has gone: it would cost a run, and alarm somebody.
      const isDoubtful = first === 'unreachable' && before?.state !== first;
      const state = isDoubtful ? await probe(key, pod) : first;
      found.set(id, { hint, state });
      if (before?.hint !== hint || before.state !== state) onChange(key);
    } finally {
      active.delete(id);
      drain();
    }
  }

  const unsubscribe = cache.subscribe((key) => {
    const node = cache.node(key);
    const id = keyOf(key);
    if (node === undefined) {
      hints.delete(id);
      found.delete(id);
      return;
    }
    const hint = hintOf(node, servingPod(node, cache.pods(key)));
    if (hints.get(id) === hint) return;
    hints.set(id, hint);
    request(key);
  });

  const stopVisiting = startVisitingInTurn(everySeconds, () => cache.nodes(), request);

  return {
    stateOf: (node) => {
      if (!isFresh(node.metadata)) return undefined;
      const known = found.get(keyOf(node.metadata));
      // A result from before the hint of a change proves nothing: until the next probe, a pod whose sidecar has been
      // marked ready meanwhile would be taken for one whose sidecar is lost.
      const hint = hintOf(node, servingPod(node, cache.pods(node.metadata)));
      return known?.hint === hint ? known.state : undefined;
    },
    stop: () => {
      stopVisiting();
      unsubscribe();
      waiting.clear();
    },
  };
}

/** Returns a text that changes with everything that may mean another answer of the sidecar. */
function hintOf(node: SeiNode, pod: PodView | undefined): string {
  return JSON.stringify([
    pod?.uid,
    pod && containerOf(pod, RBAC_PROXY_CONTAINER)?.ready,
    findCondition(node.status?.conditions, 'SidecarReady')?.status,
    findCondition(node.status?.conditions, 'NodeUpdateInProgress')?.status,
  ]);
}
