import { setTimeout as sleep } from 'node:timers/promises';

import type { Fleet } from './fleet.ts';
import { type KubeApi, KubeApiError } from './kube-api.ts';
import type { Pod } from './pod.ts';
import { probedStatus } from './probed-status.ts';

// The API server restarts, or is busy with a whole fleet.
const RETRY_MS = 200;

/**
 * Plays the part of the kubelet that probes: writes to each pod's status what the probes of its
 * sidecar have shown. Driven by the difference between the status and the truth, so a write that is
 * lost is made again at the next change.
 */
export class StatusWriter {
  readonly #fleet: Fleet;
  readonly #api: KubeApi;
  readonly #onTrouble: (error: unknown) => void;
  readonly #writing = new Set<string>();

  constructor(fleet: Fleet, api: KubeApi, onTrouble: (error: unknown) => void) {
    this.#fleet = fleet;
    this.#api = api;
    this.#onTrouble = onTrouble;
  }

  /** Looks at the pod and writes what is missing; one write for a pod at a time. */
  probe(podUid: string): void {
    if (this.#writing.has(podUid)) return;
    this.#writing.add(podUid);
    void this.#writeUntilTrue(podUid).finally(() => this.#writing.delete(podUid));
  }

  async #writeUntilTrue(podUid: string): Promise<void> {
    for (;;) {
      const pod = this.#fleet.berth(podUid)?.pod;
      const patch = pod && this.#patchOf(pod);
      if (patch === undefined || pod === undefined) return;
      const { namespace, name } = pod.metadata;
      try {
        const path = `/api/v1/namespaces/${namespace}/pods/${name}/status`;
        this.#fleet.seen((await this.#api.mergePatch(path, patch)) as Pod);
      } catch (error) {
        // The watch is about to deliver what it collided with, and the pod is looked at again then.
        if (error instanceof KubeApiError && [404, 409, 422].includes(error.status)) return;
        this.#onTrouble(error);
        await sleep(RETRY_MS);
      }
    }
  }

  #patchOf(pod: Pod): unknown {
    const { uid, resourceVersion, deletionTimestamp } = pod.metadata;
    // A kubelet stops probing; and kwok would take the write for a second request to delete.
    if (deletionTimestamp !== undefined || pod.status.conditions === undefined) return undefined;
    const sidecar = this.#fleet.berth(uid)?.sidecar;
    const status = probedStatus(
      pod,
      sidecar && { ready: sidecar.process.ready, restartCount: sidecar.restartCount },
      new Date().toISOString(),
    );
    return status && { metadata: { uid, resourceVersion }, status };
  }
}
