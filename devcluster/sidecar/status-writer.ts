import type { Fleet } from './fleet.ts';
import type { Pod, PodStatus } from './pod.ts';
import { probedStatus } from './probed-status.ts';
import type { WriteOutcome } from './settled-write.ts';

/** A patch of a pod's status, for this version of this pod only. */
export interface PodStatusPatch {
  readonly metadata: { readonly uid: string; readonly resourceVersion: string };
  readonly status: PodStatus;
}

/** Writes a pod's status. Does not throw. */
export type WritePodStatus = (pod: Pod, patch: PodStatusPatch) => Promise<WriteOutcome>;

/**
 * Plays the part of the kubelet that probes: writes to each pod's status what the probes of its sidecar have shown. It
 * goes by the difference between the status and the truth, so it corrects whatever a write collides with when the watch
 * delivers that.
 */
export class StatusWriter {
  readonly #fleet: Pick<Fleet, 'berth'>;
  readonly #write: WritePodStatus;
  readonly #busy = new Set<string>();
  readonly #again = new Set<string>();

  constructor(fleet: Pick<Fleet, 'berth'>, write: WritePodStatus) {
    this.#fleet = fleet;
    this.#write = write;
  }

  /** Looks at the pod and writes what is missing, with one write for a pod at a time. */
  probe(podUid: string): void {
    if (this.#busy.has(podUid)) {
      this.#again.add(podUid);
      return;
    }
    const pod = this.#fleet.berth(podUid)?.pod;
    const patch = pod && this.#patchOf(pod);
    if (pod === undefined || patch === undefined) return;
    this.#busy.add(podUid);
    void this.#write(pod, patch).then((outcome) => {
      this.#busy.delete(podUid);
      if (this.#again.delete(podUid) || outcome === 'failed') this.probe(podUid);
    });
  }

  #patchOf(pod: Pod): PodStatusPatch | undefined {
    const { uid, resourceVersion, deletionTimestamp } = pod.metadata;
    // A kubelet stops probing, and kwok would take the write for a second request to delete.
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
