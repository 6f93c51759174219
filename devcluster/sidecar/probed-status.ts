import { isDeepStrictEqual } from 'node:util';

import {
  RBAC_PROXY_CONTAINER,
  SEID_CONTAINER,
  SIDECAR_CONTAINER,
} from '../../domain/pod/pod-view.ts';
import type { ContainerStatus, Pod, PodCondition, PodStatus } from './pod.ts';

/** The sidecar as the kubelet of its pod sees it. */
export interface ProbedSidecar {
  readonly ready: boolean;
  readonly restartCount: number;
}

/**
 * The status that a kubelet gives the pod after it has probed: kube-rbac-proxy is ready while the
 * sidecar is, seid has started once the sidecar was ready for the first time (its startup probe asks
 * the sidecar too), and the pod is ready when all its long-running containers are.
 *
 * @param sidecar undefined while the container does not run
 * @param now RFC 3339
 * @returns undefined when that is what the pod has already
 */
export function probedStatus(
  pod: Pod,
  sidecar: ProbedSidecar | undefined,
  now: string,
): PodStatus | undefined {
  const { initContainerStatuses = [], containerStatuses = [], conditions = [] } = pod.status;
  const ready = sidecar?.ready ?? false;
  const probe = (container: ContainerStatus): ContainerStatus => {
    switch (container.name) {
      case SIDECAR_CONTAINER:
        return restarted(container, sidecar, now);
      case RBAC_PROXY_CONTAINER:
        return { ...container, ready: ready && isRunning(container) };
      case SEID_CONTAINER:
        return ready && isRunning(container) ? passed(container, pod) : container;
      default:
        return container;
    }
  };
  const probed = {
    initContainerStatuses: initContainerStatuses.map(probe),
    containerStatuses: containerStatuses.map(probe),
  };
  const unready = unreadyContainers(pod, probed);
  const next = {
    ...probed,
    conditions: conditions.map((condition) => readiness(condition, unready, now)),
  };
  const before = { initContainerStatuses, containerStatuses, conditions };
  return isDeepStrictEqual(before, next) ? undefined : next;
}

function isRunning(container: ContainerStatus): boolean {
  return container.state?.running !== undefined;
}

/** Returns the status of a container whose process has started again since the status was written. */
function restarted(
  container: ContainerStatus,
  sidecar: ProbedSidecar | undefined,
  now: string,
): ContainerStatus {
  if (sidecar === undefined || sidecar.restartCount <= container.restartCount) return container;
  const startedAt = container.state?.running?.startedAt;
  return {
    ...container,
    restartCount: sidecar.restartCount,
    state: { running: { startedAt: now } },
    lastState: { terminated: { exitCode: 1, reason: 'Error', startedAt, finishedAt: now } },
  };
}

/** A seid with this tag has halted, for instance at an upgrade height: it runs and does not answer its probe. */
const HALTED = /:never-ready(-[0-9][^:/]*)?$/;

function passed(container: ContainerStatus, { spec }: Pod): ContainerStatus {
  const image = spec.containers.find(({ name }) => name === container.name)?.image ?? '';
  return { ...container, started: true, ready: !HALTED.test(image) };
}

function unreadyContainers({ spec }: Pod, status: PodStatus): readonly string[] {
  const { initContainerStatuses = [], containerStatuses = [] } = status;
  const ready = new Set(
    [...initContainerStatuses, ...containerStatuses]
      .filter((container) => container.ready)
      .map(({ name }) => name),
  );
  const longRunning = [
    ...(spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
    ...spec.containers,
  ];
  return longRunning.map(({ name }) => name).filter((name) => !ready.has(name));
}

function readiness(condition: PodCondition, unready: readonly string[], now: string): PodCondition {
  if (condition.type !== 'Ready' && condition.type !== 'ContainersReady') return condition;
  const { reason: _, message: __, ...rest } = condition;
  const status = unready.length === 0 ? 'True' : 'False';
  const since = status === condition.status ? {} : { lastTransitionTime: now };
  if (unready.length === 0) return { ...rest, ...since, status };
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { ...rest, ...since, status, reason: 'ContainersNotReady', message };
}
