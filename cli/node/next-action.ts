import { FailureType } from '../../domain/failure-type.ts';
import type { NodeHealth } from '../../domain/node-health.ts';
import { hasNodePodName } from '../../domain/node-pod.ts';
import { ownClaimName, podNameOf } from '../../domain/node-ref.ts';
import { SURPLUS_POD } from '../../domain/pod-replacement.ts';
import { POD_REFUSED } from '../../domain/pod-trouble.ts';
import type { PodView } from '../../domain/pod-view.ts';
import { RBAC_PROXY_CONTAINER, SIDECAR_CONTAINER } from '../../domain/pod-view.ts';
import { rollbackDecision } from '../../domain/rollback.ts';
import type { SeiNode } from '../../domain/sei-node.ts';
import { NODE_LABEL, SEI_NODE_PLURAL } from '../../domain/sei-node.ts';

/** What a person can do about a node now. */
export interface NextAction {
  /** What it is for, as a clause. */
  readonly why: string;
  /** To be typed as it is, but for words in capitals. */
  readonly command: string;
}

/** How commands have to be typed in this place. */
export interface CommandWords {
  /** `seinode` or `kubectl seinode`. */
  readonly program: string;
  /** Options that lead to the same cluster, such as `--context prod`; empty for the default. */
  readonly where: string;
}

/**
 * The ways out of a node's trouble, the most likely first; none for a node that runs.
 *
 * @param labelled the pods with the node's label. What another than its own says is none of its trouble.
 */
export function nextActions(
  node: SeiNode,
  health: NodeHealth,
  labelled: readonly PodView[],
  words: CommandWords,
): readonly NextAction[] {
  const pods = labelled.filter((pod) => hasNodePodName(pod, node.metadata));
  const type = typist(node, words);
  // Nobody can keep a deleted node from going.
  if (node.status?.hold !== undefined && node.metadata.deletionTimestamp === undefined) {
    return [action('lift the hold', type.seinode('resume'))];
  }
  switch (health.state) {
    case 'failed':
    case 'stalled':
      return forReason(health.blockers[0]?.reason ?? '', node, pods, type);
    case 'rolled-back':
      return [
        action('run another image', type.seinode('set-image', 'IMAGE')),
        action(`or try ${node.spec.image} again`, type.seinode('retry')),
      ];
    case 'paused':
      return [
        action(
          'scale it up again',
          type.kubectl(
            `patch ${SEI_NODE_PLURAL} ${type.name} --type merge -p '{"spec":{"paused":false}}'`,
          ),
        ),
      ];
    case 'terminating':
    case 'scaling-down':
      return [
        // Every pod that carries its label is waited for.
        ...labelled.flatMap((pod) => toMachineOf(pod, type)),
        action('follow it', type.seinode('watch')),
      ];
    case 'updating':
    case 'starting':
      return [action('follow it', type.seinode('watch'))];
    case 'unready':
      return crashing(pods) === undefined
        ? [
            action(
              'see what its pod says',
              type.kubectl(`describe pod ${podNameOf(node.metadata)}`),
            ),
          ]
        : forReason('CrashLoopBackOff', node, pods, type);
    case 'running':
      // An update is complete once its image has started: what it does then is the pod's affair.
      return crashing(pods) === undefined ? [] : forReason('CrashLoopBackOff', node, pods, type);
    case 'held':
      return [];
  }
}

type Typist = ReturnType<typeof typist>;

function typist({ metadata: { namespace, name } }: SeiNode, { program, where }: CommandWords) {
  const options = [`-n ${namespace}`, where].filter((part) => part !== '').join(' ');
  return {
    name,
    seinode: (verb: string, ...words: readonly string[]) =>
      [program, verb, name, ...words, options].join(' '),
    kubectl: (command: string) => `kubectl ${command} ${options}`,
  };
}

function forReason(
  reason: string,
  node: SeiNode,
  pods: readonly PodView[],
  type: Typist,
): readonly NextAction[] {
  const pod = podNameOf(node.metadata);
  switch (reason) {
    case 'ImagePullBackOff':
    case 'InvalidImageName':
      return [
        action('set an image that can be pulled', type.seinode('set-image', 'IMAGE')),
        ...rollbackOf(node, type),
      ];
    case 'CrashLoopBackOff':
      return [
        action(
          'see why it crashes',
          type.kubectl(`logs ${pod} -c ${crashing(pods) ?? 'CONTAINER'}`),
        ),
        action('then set another image', type.seinode('set-image', 'IMAGE')),
        ...rollbackOf(node, type),
      ];
    case 'CreateContainerConfigError':
      return [
        action(
          'create the Secret or ConfigMap that its environment lacks; it goes on by itself',
          type.kubectl(`describe pod ${pod}`),
        ),
      ];
    case 'FailedMount':
      return [
        action(
          'create the Secret or ConfigMap that the pod mounts; it goes on by itself',
          type.kubectl(`describe pod ${pod}`),
        ),
      ];
    case 'FailedAttachVolume':
      return [
        action(
          'see which machine still has the volume; it goes on by itself',
          type.kubectl('get volumeattachment'),
        ),
      ];
    case 'FailedCreatePodSandBox':
      return [
        action(
          'see to the machine of the pod and its network',
          type.kubectl(`get pod ${pod} -o wide`),
        ),
      ];
    case POD_REFUSED:
      return [
        action(
          'mend the quota or policy that it names; it goes on by itself',
          type.kubectl('get resourcequota,limitrange'),
        ),
      ];
    case 'IdentityInUse':
      return [
        action(
          'see what the node that it names has left, and delete it or set its spec.paused; this one comes up by itself',
          type.kubectl('get snode,lease,statefulset,pod'),
        ),
      ];
    case SURPLUS_POD:
      return [
        action(
          'see which other pod its StatefulSet has, and delete that; it goes on by itself',
          type.kubectl(`get pod -l sei.io/node=${type.name}`),
        ),
      ];
    case 'ApiServerError':
      return [
        action(
          'see to the webhook that it names; it goes on by itself',
          type.kubectl('get validatingwebhookconfiguration,mutatingwebhookconfiguration'),
        ),
      ];
    case 'WaitingForDeletion':
      return [
        action(
          'see what holds the object that it names; it goes on by itself',
          type.kubectl('get statefulset,pod,persistentvolumeclaim -o yaml'),
        ),
      ];
    case 'SidecarUnauthorized':
      return [
        action(
          "see why the pod's proxy refuses the worker's token",
          type.kubectl(`logs ${pod} -c ${RBAC_PROXY_CONTAINER}`),
        ),
      ];
    case 'SidecarUnreachable':
    case 'SidecarFailing':
      return [
        action(
          'see what the sidecar says; it goes on by itself',
          type.kubectl(`logs ${pod} -c ${SIDECAR_CONTAINER}`),
        ),
      ];
    case 'Unschedulable':
      return [
        action(
          'make room or labels on the node pool; it goes on by itself',
          type.kubectl(`describe pod ${pod}`),
        ),
      ];
    case 'PodTerminating':
      return [
        action(
          'see to the machine of the pod, which may still run and sign',
          type.kubectl(`get pod ${pod} -o wide`),
        ),
        ...pods.flatMap((one) => toMachineOf(one, type)),
      ];
    case 'ForeignPod':
      return [
        action(
          'see who made the pod that it names, and delete it there or take its label off',
          type.kubectl(`get pod -l ${NODE_LABEL}=${type.name} -o yaml`),
        ),
      ];
    case 'DataVolumeTerminating':
      return [
        action(
          'keep its volume, as docs/stuck-roll.md shows, or copy the data while the pod runs: with it the claim goes',
          type.kubectl(`describe persistentvolumeclaim ${claimOf(node)}`),
        ),
      ];
    case 'ProgressDeadlineExceeded': {
      const cause = stuckFor(pods);
      if (cause !== undefined) return forReason(cause, node, pods, type);
      return [
        action('see what holds up its pod', type.kubectl(`describe pod ${pod}`)),
        ...rollbackOf(node, type),
      ];
    }
    case FailureType.InvalidSpec:
      return [action('mend the spec', type.kubectl(`edit ${SEI_NODE_PLURAL} ${type.name}`))];
    case FailureType.TooManyReplicas:
      return [
        action(
          'see who scales its StatefulSet, and end that',
          type.kubectl(`get statefulset ${type.name} -o yaml --show-managed-fields`),
        ),
        action('then try again at once', type.seinode('retry')),
      ];
    case FailureType.ForeignOwner:
      return [
        action(
          'see the object that the message names; a claim may be all there is of its data',
          type.kubectl('get statefulset,service,configmap,persistentvolumeclaim --show-labels'),
        ),
        action('do what the message says, then try again at once', type.seinode('retry')),
      ];
    case FailureType.Incompatible:
      return [
        action(
          'see whose StatefulSet stands in its way, and delete it there',
          type.kubectl(`get statefulset ${type.name} -o yaml`),
        ),
        action('then try again at once', type.seinode('retry')),
      ];
    default:
      return [action('mend what it says, then try again', type.seinode('retry'))];
  }
}

/** Whether its machine answers decides what a person may do about a pod that does not go. */
function toMachineOf({ machine, deletionTimestamp }: PodView, type: Typist): readonly NextAction[] {
  if (machine === undefined || deletionTimestamp === undefined) return [];
  return [
    action(
      `if it stays: see whether machine ${machine} answers; docs/stuck-roll.md has what may be done where it does not`,
      type.kubectl(`get node ${machine}`),
    ),
  ];
}

function claimOf({ metadata, spec }: SeiNode): string {
  return spec.dataVolume?.import?.pvcName ?? ownClaimName(metadata);
}

function rollbackOf(node: SeiNode, type: Typist): readonly NextAction[] {
  const decision = rollbackDecision(node);
  if (decision.kind !== 'roll-back') return [];
  return [action(`or go back to ${decision.rollback.image}`, type.seinode('rollback'))];
}

/** What a container may wait for in vain, in the words of the kubelet. */
const STUCK = new Set([
  'ImagePullBackOff',
  'InvalidImageName',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
]);

/** Why a pod does not get on; undefined when it says nothing of the kind. */
function stuckFor(pods: readonly PodView[]): string | undefined {
  return pods
    .flatMap(({ containers }) => containers)
    .map(({ state }) => (state.kind === 'waiting' ? state.reason : ''))
    .map((reason) => (reason === 'ErrImagePull' ? 'ImagePullBackOff' : reason))
    .find((reason) => STUCK.has(reason));
}

function crashing(pods: readonly PodView[]): string | undefined {
  const containers = pods.flatMap((pod) => pod.containers);
  return containers.find(
    ({ state }) => state.kind === 'waiting' && state.reason === 'CrashLoopBackOff',
  )?.name;
}

function action(why: string, command: string): NextAction {
  return { why, command };
}
