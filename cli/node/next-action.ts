import { podNameOf } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { SEI_NODE_PLURAL } from '../../domain/node/sei-node.ts';
import type { StallReason } from '../../domain/node/stall-reason.ts';
import { hasNodePodName } from '../../domain/pod/node-pod.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import type { NodeHealth } from '../../domain/status/node-health.ts';
import type { Advice } from './advice.ts';
import { machinesOfLeaving } from './advice.ts';
import type { CommandWords, NextAction } from './command-words.ts';
import { action, typist } from './command-words.ts';
import { FAILURE_ADVICE, FIX_AND_RETRY } from './failure-advice.ts';
import { POD_ADVICE } from './pod-advice.ts';
import { STALL_ADVICE } from './stall-advice.ts';
import { crashing } from './waiting-container.ts';

const ADVICE: Readonly<Record<StallReason, Advice>> = {
  ...POD_ADVICE,
  ...STALL_ADVICE,
  ...FAILURE_ADVICE,
};

/**
 * Returns the ways out of a node's trouble, the most likely first; none for a node that runs.
 *
 * @param labelled the pods with the node's label; those that are not the node's own are none of its trouble
 */
export function nextActions(
  node: SeiNode,
  health: NodeHealth,
  labelled: readonly PodView[],
  words: CommandWords,
): readonly NextAction[] {
  const type = typist(node.metadata, words);
  const pods = labelled.filter((pod) => hasNodePodName(pod, node.metadata));
  const patient = { node, pods, type };
  // Nobody can keep a deleted node.
  if (node.status?.hold !== undefined && node.metadata.deletionTimestamp === undefined) {
    return [action('lift the hold', type.seinode('resume'))];
  }
  switch (health.state) {
    case 'failed':
    case 'stalled':
      return adviceFor(health.blockers[0]?.reason)(patient);
    case 'rolled-back':
      return [
        action('run another image', type.seinode('set-image', 'IMAGE')),
        action(`or try ${node.spec.image} again`, type.seinode('retry')),
      ];
    case 'paused': {
      const unpaused = `-p '{"spec":{"paused":false}}'`;
      const patch = `patch ${SEI_NODE_PLURAL} ${node.metadata.name} --type merge ${unpaused}`;
      return [action('scale it up again', type.kubectl(patch))];
    }
    case 'terminating':
    case 'scaling-down':
      return [
        // The deletion waits for every pod with the node's label.
        ...machinesOfLeaving({ ...patient, pods: labelled }),
        action('follow it', type.seinode('watch')),
      ];
    case 'updating':
    case 'starting':
      return [action('follow it', type.seinode('watch'))];
    case 'unready':
      if (crashing(pods) !== undefined) return POD_ADVICE.CrashLoopBackOff(patient);
      return [action('look at its pod', type.kubectl(`describe pod ${podNameOf(node.metadata)}`))];
    case 'running':
      // An update is complete once its image has started: a crash after that is trouble of the pod.
      return crashing(pods) === undefined ? [] : POD_ADVICE.CrashLoopBackOff(patient);
    case 'held':
      return [];
  }
}

/** Returns general advice for an unknown reason, which another version of the operator may have written. */
function adviceFor(reason = ''): Advice {
  return Object.hasOwn(ADVICE, reason) ? ADVICE[reason as StallReason] : FIX_AND_RETRY;
}
