import { assertNever } from '../../domain/assert-never.ts';
import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { presenceOf } from '../../domain/pod/node-pod.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import { audienceFor } from '../../domain/sidecar/sidecar-audience.ts';
import type { SidecarHealth, SidecarTarget, TaskSubmission } from '../../sidecar/sidecar-client.ts';
import { SidecarError } from '../../sidecar/sidecar-error.ts';
import type { SidecarTask } from '../../sidecar/sidecar-task.ts';
import type { ActivityDeps } from '../deps.ts';

/** The pod is gone, is being deleted, or has ended. */
export class PodLost extends Error {
  override readonly name = 'PodLost';
}

/**
 * The sidecar of one exact pod. A watch may be silent for a while, and the address that it shows may belong to another
 * pod by then. So no task is sent before a live read has found the pod at that address, and an answer with a lasting
 * effect counts only once it is confirmed. The same holds for a pod on the network of its machine.
 */
export interface PodSidecar {
  healthz(): Promise<SidecarHealth>;
  getTask(id: string): Promise<SidecarTask | undefined>;
  /** @throws the errors of `confirm`; then nothing was sent */
  submitTask(task: Omit<TaskSubmission, keyof SidecarTarget>): Promise<void>;
  /**
   * Confirms by a live read that the pod is there, so that its sidecar is what has answered at its address.
   *
   * @throws PodLost, or a SidecarError for a pod that has another address
   */
  confirm(): Promise<void>;
}

export function createPodSidecar(
  { api, sidecar }: Pick<ActivityDeps, 'api' | 'sidecar'>,
  node: ObjectKey,
  pod: PodView,
): PodSidecar {
  const { namespace, name, ip } = pod;
  const audience = audienceFor(node, pod);
  const target: SidecarTarget = { node, pod: { name, ip }, audience };
  const confirm = async (): Promise<void> => {
    const live = await api.getPod({ namespace, name });
    const presence = presenceOf(pod, live);
    switch (presence) {
      case 'there':
        return;
      case 'moved':
        throw new SidecarError(
          { kind: 'unreachable' },
          `pod ${name} has another address than ${ip ?? 'none'} by now, which the watch does not show yet`,
        );
      case 'lost':
        throw new PodLost(`pod ${name} with UID ${pod.uid} is not there any more`);
      default:
        assertNever(presence);
    }
  };
  return {
    confirm,
    healthz: () => sidecar.healthz(target),
    getTask: (id) => sidecar.getTask({ ...target, id }),
    submitTask: async (task) => {
      await confirm();
      await sidecar.submitTask({ ...target, ...task });
    },
  };
}
