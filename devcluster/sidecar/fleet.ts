import { keyOf } from '../../domain/node/node-ref.ts';
import { SIDECAR_CONTAINER } from '../../domain/pod/pod-view.ts';
import { nodeOf, runningContainer } from './pod.ts';
import type { Pod } from './pod.ts';
import { SidecarProcess } from './sidecar-process.ts';
import type { TaskRun } from './sidecar-process.ts';
import type { Task } from './task.ts';
import { emptyVolume } from './volume.ts';
import type { Volume, Volumes } from './volume.ts';

/** A pod and the process in its sidecar container. */
export interface Berth {
  readonly pod: Pod;
  /** Undefined while the container does not run. */
  readonly sidecar: RunningSidecar | undefined;
}

export interface RunningSidecar {
  readonly process: SidecarProcess;
  readonly restartCount: number;
}

export interface FleetOptions {
  readonly volumes: Volumes;
  /** @param node `namespace/name` of the SeiNode */
  readonly runOf: (node: string, task: Task) => TaskRun;
  /** Called when something may have changed that a kubelet would report of the pod. */
  readonly onChange: (podUid: string) => void;
}

/**
 * Holds the pods of all SeiNodes and their sidecars. Everything in memory belongs to a pod's UID and ends with it:
 * another pod soon has the address.
 */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #berths = new Map<string, Berth>();
  readonly #uidByAddress = new Map<string, string>();
  readonly #gone = new Set<string>();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  berth(podUid: string): Berth | undefined {
    return this.#berths.get(podUid);
  }

  /** Returns the pod with this address, as far as the fleet knows. */
  at(address: string): Berth | undefined {
    const uid = this.#uidByAddress.get(address);
    return uid === undefined ? undefined : this.#berths.get(uid);
  }

  /** Returns the pod of a SeiNode; the newest, if an older one is still going. */
  ofNode(key: string): Berth | undefined {
    return [...this.#berths.values()].findLast(({ pod }) => keyOf(nodeOf(pod)) === key);
  }

  /**
   * Records a version of a pod: starts or ends its sidecar, as its container says. The watch, live reads and answers to
   * writes come in any order, so an older version changes nothing.
   */
  seen(pod: Pod): void {
    const { uid, resourceVersion } = pod.metadata;
    const before = this.#berths.get(uid);
    if (this.#gone.has(uid) || isOlder(resourceVersion, before?.pod.metadata.resourceVersion))
      return;
    if (pod.status.podIP !== undefined) this.#assign(pod.status.podIP, pod);
    this.#berths.set(uid, { pod, sidecar: this.#sidecarOf(pod, before?.sidecar) });
    this.#options.onChange(uid);
  }

  gone(pod: Pod): void {
    const { uid } = pod.metadata;
    const berth = this.#berths.get(uid);
    berth?.sidecar?.process.stop();
    this.#berths.delete(uid);
    this.#gone.add(uid);
    const address = (berth?.pod ?? pod).status.podIP;
    if (address !== undefined && this.#uidByAddress.get(address) === uid) {
      this.#uidByAddress.delete(address);
    }
  }

  /** Restarts the sidecar within its pod. @returns whether one was running */
  restart(podUid: string): boolean {
    const berth = this.#berths.get(podUid);
    if (berth?.sidecar === undefined) return false;
    const { process, restartCount } = berth.sidecar;
    process.stop();
    const sidecar = {
      restartCount: restartCount + 1,
      process: this.#start(berth.pod, process.volume),
    };
    this.#berths.set(podUid, { ...berth, sidecar });
    this.#options.onChange(podUid);
    return true;
  }

  #assign(address: string, { metadata }: Pod): void {
    // A pod that is going never takes the address back from its successor.
    if (metadata.deletionTimestamp !== undefined && this.#uidByAddress.has(address)) return;
    this.#uidByAddress.set(address, metadata.uid);
  }

  #sidecarOf(pod: Pod, before: RunningSidecar | undefined): RunningSidecar | undefined {
    const container = runningContainer(pod, SIDECAR_CONTAINER);
    if (container === undefined) {
      before?.process.stop();
      return undefined;
    }
    // A restart through the admin API is not in the status yet.
    if (before !== undefined && before.restartCount >= container.restartCount) return before;
    before?.process.stop();
    return {
      restartCount: container.restartCount,
      process: this.#start(pod, before?.process.volume),
    };
  }

  #start(pod: Pod, volume = this.#volumeOf(pod)): SidecarProcess {
    const node = keyOf(nodeOf(pod));
    return new SidecarProcess({
      volume,
      runOf: (task) => this.#options.runOf(node, task),
      onChange: () => this.#options.onChange(pod.metadata.uid),
    });
  }

  #volumeOf({ metadata, spec }: Pod): Volume {
    const claim = spec.volumes?.find(({ name }) => name === 'data')?.persistentVolumeClaim;
    // Without a claim the data lives and dies with the pod.
    if (claim === undefined) return emptyVolume(metadata.uid);
    const { namespace } = metadata;
    return this.#options.volumes.of(keyOf({ namespace, name: claim.claimName }));
  }
}

/** Compares versions of one kind of object: growing decimal numbers, as Kubernetes promises from 1.35 on. */
function isOlder(version: string, than: string | undefined): boolean {
  return than !== undefined && BigInt(version) < BigInt(than);
}
