import type { V1PodStatus } from '@kubernetes/client-node';

import { SEID_CONTAINER } from '../../../domain/pod/pod-view.ts';
import { keyOfObject } from './object-table.ts';
import type { PlainContainer, PlainContainerStatus, PlainPod } from './plain.ts';
import type { Tables } from './tables.ts';

/** The fate of a container, or of its whole pod, when its image is started. */
export type Fate =
  | { readonly kind: 'runs' }
  /** It never starts, for a reason of the kubelet such as `ErrImagePull`. */
  | { readonly kind: 'waits'; readonly reason: string; readonly message: string }
  /** It has run and ended, and waits: `CrashLoopBackOff`; or it runs once more, until it ends. */
  | { readonly kind: 'crashes'; readonly turn?: 'waits' | 'runs' }
  /** No machine takes the pod. */
  | { readonly kind: 'unschedulable'; readonly message: string };

/** Plays the scheduler and the kubelet of every machine, one step at a time. */
export class Kubelet {
  /**
   * Decides by the container's image and name, and by the image of the pod's seid; everything runs until
   * a test says otherwise.
   */
  fateOf: (image: string, container: string, seidImage: string) => Fate = () => ({ kind: 'runs' });

  readonly #tables: Tables;
  readonly #now: () => Date;
  #addresses = 0;

  constructor(tables: Tables, now: () => Date) {
    this.#tables = tables;
    this.#now = now;
  }

  /** Brings each pod that is to stay as far as its images let it. */
  startPods(): void {
    for (const pod of this.#tables.pods.all()) {
      if (pod.metadata?.deletionTimestamp !== undefined) continue;
      const fates = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map(
        (container) => this.#fate(pod, container),
      );
      const unschedulable = fates.find((fate) => fate.kind === 'unschedulable');
      if (unschedulable !== undefined) this.#holdBack(pod, unschedulable.message);
      else this.#run(pod);
    }
  }

  /** Ends the pods that have been asked to go. */
  endPods(): void {
    for (const pod of this.#tables.pods.all()) {
      if (pod.metadata?.deletionTimestamp !== undefined) this.#tables.pods.remove(keyOfObject(pod));
    }
  }

  #fate(pod: PlainPod, { image = '', name }: PlainContainer): Fate {
    const seid = pod.spec?.containers.find((container) => container.name === SEID_CONTAINER);
    return this.fateOf(image, name, seid?.image ?? '');
  }

  #holdBack(pod: PlainPod, message: string): void {
    if (pod.status?.conditions !== undefined) return;
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime: this.#now(),
    };
    this.#setStatus(pod, { phase: 'Pending', conditions: [condition] });
  }

  #run(pod: PlainPod): void {
    let isHeldUp = false;
    const start = (container: PlainContainer, isInit: boolean): PlainContainerStatus => {
      if (isHeldUp) return waiting(container, 'PodInitializing');
      const fate = this.#fate(pod, container);
      switch (fate.kind) {
        case 'runs':
          return isInit && container.restartPolicy !== 'Always'
            ? finished(container)
            : running(container);
        case 'crashes':
          isHeldUp = isInit;
          return {
            ...(fate.turn === 'runs'
              ? { ...running(container), ready: false }
              : waiting(container, 'CrashLoopBackOff')),
            restartCount: 1,
          };
        case 'waits':
          isHeldUp = isInit;
          return waiting(container, fate.reason, fate.message);
        case 'unschedulable':
          return waiting(container, '');
      }
    };
    const initContainerStatuses = pod.spec?.initContainers?.map((one) => start(one, true)) ?? [];
    const containerStatuses = pod.spec?.containers.map((one) => start(one, false)) ?? [];
    const podIP = pod.status?.podIP ?? this.#nextAddress();
    const isReady = [...initContainerStatuses, ...containerStatuses].every(({ ready }) => ready);
    this.#setStatus(pod, {
      phase: isHeldUp ? 'Pending' : 'Running',
      podIP,
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      initContainerStatuses,
      containerStatuses,
    });
  }

  #setStatus(pod: PlainPod, status: V1PodStatus): void {
    this.#tables.pods.update(keyOfObject(pod), (live) => ({
      ...live,
      ...(live.spec !== undefined && {
        spec: { ...live.spec, ...(status.podIP !== undefined && { nodeName: 'machine' }) },
      }),
      status,
    }));
  }

  #nextAddress(): string {
    this.#addresses += 1;
    return `10.0.0.${this.#addresses}`;
  }
}

function statusOf({ name, image = '' }: PlainContainer): PlainContainerStatus {
  return { name, image, imageID: '', ready: false, restartCount: 0 };
}

function running(container: PlainContainer): PlainContainerStatus {
  return { ...statusOf(container), ready: true, state: { running: {} } };
}

function finished(container: PlainContainer): PlainContainerStatus {
  return { ...statusOf(container), ready: true, state: { terminated: { exitCode: 0 } } };
}

function waiting(container: PlainContainer, reason: string, message = ''): PlainContainerStatus {
  return { ...statusOf(container), state: { waiting: { reason, message } } };
}
