import type {
  V1Container,
  V1ContainerStatus,
  V1Pod,
  V1PodSpec,
  V1PodStatus,
} from '@kubernetes/client-node';

import { podNameOf } from '../../domain/node/node-ref.ts';
import { NODE_LABEL } from '../../domain/node/sei-node.ts';
import type { ContainerState, ContainerView, PodView } from '../../domain/pod/pod-view.ts';
import { RBAC_PROXY_CONTAINER } from '../../domain/pod/pod-view.ts';
import { AUDIENCES_FLAG } from '../../domain/sidecar/sidecar-audience.ts';
import { boundedText, boundedWord } from '../../domain/text/bounded-text.ts';
import { cleanText } from '../../domain/text/text.ts';
import { timestampOf } from './timestamp.ts';

/**
 * The length to which a kubelet cuts a termination message. Bounded because all pods of a cluster are kept in memory.
 */
const LONGEST_POD_TEXT = 4_096;

/** Set by the StatefulSet controller on the pods that it makes. */
const REVISION_LABEL = 'controller-revision-hash';

/** Shared, because nearly every pod has none. */
const NONE: readonly string[] = [];

/** More than any pod has, including what admission adds. */
const MOST_CONTAINERS = 16;
const MOST_FINALIZERS = 16;

/** Reduces a pod, typed or from raw JSON, to what decisions are made from. */
export function podView(pod: V1Pod): PodView {
  const { metadata, spec, status } = pod;
  const node = metadata?.labels?.[NODE_LABEL];
  // Containers matter only in a pod that has the name of the node's own.
  const isOther =
    node !== undefined &&
    metadata?.name !== podNameOf({ namespace: metadata?.namespace ?? '', name: node });
  const uid = metadata?.ownerReferences?.find(({ controller }) => controller === true)?.uid;
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    node,
    statefulSetUid: uid && boundedWord(uid),
    revision: metadata?.labels?.[REVISION_LABEL],
    deletionTimestamp: timestampOf(metadata?.deletionTimestamp),
    deletionGraceSeconds: metadata?.deletionGracePeriodSeconds,
    finalizers:
      metadata?.finalizers?.slice(0, MOST_FINALIZERS).map((finalizer) => boundedWord(finalizer)) ??
      NONE,
    phase: status?.phase ?? 'Pending',
    reason: textOf([status?.reason, status?.message].filter(Boolean).join(': ')) || undefined,
    ip: status?.podIP,
    machine: spec?.nodeName,
    unschedulable: unschedulableOf(status),
    ready: conditionOf(status, 'Ready')?.status === 'True',
    ...(asksForAudience(spec) && { asksForAudience: true }),
    containers: isOther
      ? []
      : [
          ...containerViews(spec?.initContainers, status?.initContainerStatuses, true),
          ...containerViews(spec?.containers, status?.containerStatuses, false),
        ],
  };
}

/**
 * True when the arguments of the proxy ask for an audience; the API server lets nobody change them on an existing pod.
 */
function asksForAudience(spec: V1PodSpec | undefined): boolean {
  const proxy = spec?.initContainers?.find(({ name }) => name === RBAC_PROXY_CONTAINER);
  return proxy?.args?.some((arg) => arg.startsWith(AUDIENCES_FLAG)) ?? false;
}

/**
 * Bounds and cleans the texts of kubelets, schedulers and containers; a container writes its own termination message.
 */
function textOf(text = ''): string {
  return cleanText(boundedText(text, 4 * LONGEST_POD_TEXT), LONGEST_POD_TEXT);
}

function conditionOf(status: V1PodStatus | undefined, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}

function unschedulableOf(status: V1PodStatus | undefined): PodView['unschedulable'] {
  const scheduled = conditionOf(status, 'PodScheduled');
  if (scheduled?.status !== 'False' || scheduled.reason !== 'Unschedulable') return undefined;
  return {
    message: textOf(scheduled.message),
    since: timestampOf(scheduled.lastTransitionTime) ?? '',
  };
}

function containerViews(
  containers: readonly V1Container[] = [],
  statuses: readonly V1ContainerStatus[] = [],
  init: boolean,
): readonly ContainerView[] {
  return containers.slice(0, MOST_CONTAINERS).map((container) => {
    const status = statuses.find(({ name }) => name === container.name);
    return {
      name: boundedWord(container.name),
      init,
      image: boundedWord(container.image),
      ready: status?.ready ?? false,
      restartCount: status?.restartCount ?? 0,
      state: containerState(status),
      hasStarted: hasStarted(status),
      ...(status?.started !== undefined && { passedStartup: status.started }),
    };
  });
}

function containerState(status: V1ContainerStatus | undefined): ContainerState {
  const { running, terminated, waiting } = status?.state ?? {};
  if (running !== undefined) return { kind: 'running' };
  if (terminated !== undefined) {
    const { exitCode, reason, message } = terminated;
    return { kind: 'terminated', exitCode, reason: textOf(reason), message: textOf(message) };
  }
  return { kind: 'waiting', reason: textOf(waiting?.reason), message: textOf(waiting?.message) };
}

/** True once the container has started. A kubelet that restarts may forget `lastState`, but not the count. */
function hasStarted(status: V1ContainerStatus | undefined): boolean {
  if (status === undefined) return false;
  const { state, lastState, restartCount } = status;
  return (
    restartCount > 0 ||
    state?.running !== undefined ||
    state?.terminated !== undefined ||
    lastState?.running !== undefined ||
    lastState?.terminated !== undefined
  );
}
