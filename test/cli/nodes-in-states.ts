import type { Condition } from '../../domain/node/condition.ts';
import type { PlanTask } from '../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { SeiNodeParts } from '../support/sei-node.ts';
import { EARLIER, plan, runningNode, seiNode } from '../support/sei-node.ts';

/** Has a path, so that it shows when a screen writes an image in full. */
export const FULL_V1 = 'ghcr.io/sei-protocol/sei:v1';
export const FULL_V2 = 'ghcr.io/sei-protocol/sei:v2';

const PULL_MESSAGE = `pod stalled-0, container seid-init, image ${FULL_V2}: not found`;

const WAITS_FOR_POD = 'waits for pod n0-0 on machine m0: spec.paused is true';

const AT_OBSERVE_IMAGE: readonly PlanTask[] = [
  { type: 'apply-statefulset', status: 'Complete' },
  { type: 'apply-service', status: 'Complete' },
  { type: 'replace-pod', status: 'Complete' },
  { type: 'observe-image', status: 'Pending' },
  { type: 'mark-ready', status: 'Pending' },
];

export function condition(
  type: string,
  status: Condition['status'],
  reason: string,
  message: string,
): Condition {
  return { type, status, reason, message, lastTransitionTime: EARLIER };
}

/** A node in each state that people distinguish, named for the state. */
export const NODES = {
  running: named('running', runningNode, {
    status: { conditions: [condition('Ready', 'True', 'Running', `the node runs ${FULL_V1}`)] },
  }),
  updating: named('updating', runningNode, {
    spec: { image: FULL_V2 },
    status: {
      conditions: [condition('NodeUpdateInProgress', 'True', 'UpdateStarted', 'seid v1 -> v2')],
      plan: plan({
        targetImage: FULL_V2,
        previousImage: FULL_V1,
        tasks: AT_OBSERVE_IMAGE,
      }),
    },
  }),
  stalled: named('stalled', runningNode, {
    spec: { image: FULL_V2 },
    status: {
      conditions: [
        condition('Ready', 'False', 'ImagePullBackOff', PULL_MESSAGE),
        condition('Stalled', 'True', 'ImagePullBackOff', PULL_MESSAGE),
        condition('NodeUpdateInProgress', 'True', 'UpdateStarted', 'seid v1 -> v2'),
      ],
      plan: plan({ targetImage: FULL_V2, previousImage: FULL_V1, tasks: AT_OBSERVE_IMAGE }),
    },
  }),
  failed: named('failed', runningNode, {
    spec: { image: FULL_V2 },
    status: {
      conditions: [condition('NodeUpdateInProgress', 'False', 'UpdateFailed', 'quota')],
      plan: plan({
        phase: 'Failed',
        targetImage: FULL_V2,
        previousImage: FULL_V1,
        tasks: [
          { type: 'apply-statefulset', status: 'Failed', error: 'exceeded quota:\n  pods=10' },
          { type: 'apply-service', status: 'Pending' },
        ],
        lastFailure: {
          step: 'apply-statefulset',
          reason: 'Refused',
          message: 'exceeded quota:\n  pods=10',
          at: EARLIER,
        },
      }),
    },
  }),
  held: named('held', runningNode, {
    spec: { image: FULL_V2 },
    status: { hold: { actor: 'kim', reason: 'exchange maintenance', since: EARLIER } },
  }),
  starting: named('starting', seiNode, { metadata: { creationTimestamp: EARLIER } }),
  paused: named('paused', runningNode, {
    spec: { paused: true },
    status: { conditions: [condition('Paused', 'True', 'Paused', 'scaled to zero')] },
  }),
  scalingDown: named('scaling-down', runningNode, {
    spec: { paused: true },
    status: { conditions: [condition('Paused', 'False', 'ScalingDown', WAITS_FOR_POD)] },
  }),
  unready: named('unready', runningNode, {
    status: { conditions: [condition('Ready', 'False', 'SidecarNotReady', 'healthz says 503')] },
  }),
  rolledBack: named('rolled-back', runningNode, {
    spec: { image: FULL_V2 },
    status: { rollback: { rejectedImage: FULL_V2, image: FULL_V1, generation: 2 } },
  }),
  terminating: named('terminating', runningNode, { metadata: { deletionTimestamp: EARLIER } }),
} as const satisfies Record<string, SeiNode>;

/** A node that was to run FULL_V2, which was refused for good, and whose spec has its running image again. */
export const WITHDRAWN = named('withdrawn', runningNode, {
  status: {
    conditions: [
      condition('Ready', 'True', 'Running', `the node runs ${FULL_V1}`),
      condition('NodeUpdateInProgress', 'False', 'UpdateWithdrawn', 'not asked for any more'),
    ],
    plan: plan({
      phase: 'Failed',
      targetImage: FULL_V2,
      previousImage: FULL_V1,
      lastFailure: {
        step: 'apply-statefulset',
        reason: 'InvalidSpec',
        message: `spec.image: ${FULL_V2} is not allowed`,
        at: EARLIER,
      },
    }),
  },
});

/** Makes a node of this name that wants FULL_V1, and runs it where it runs. */
function named(
  name: string,
  base: (parts: SeiNodeParts) => SeiNode,
  { metadata, spec, status }: SeiNodeParts,
): SeiNode {
  const runs = base === runningNode && { currentImage: FULL_V1 };
  return base({
    metadata: { name, uid: `uid-of-${name}`, creationTimestamp: EARLIER, ...metadata },
    spec: { image: FULL_V1, ...spec },
    ...((status !== undefined || runs) && { status: { ...runs, ...status } }),
  });
}
