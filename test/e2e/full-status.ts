import type { Condition } from '../../domain/node/condition.ts';
import type { SeiNodeStatus, UpdateOutcome } from '../../domain/node/sei-node-status.ts';

const TIME = '2026-11-01T12:00:00Z';

export function trueCondition(type: string, reason: string): Required<Condition> {
  return {
    type,
    status: 'True',
    reason,
    message: '',
    lastTransitionTime: TIME,
    observedGeneration: 3,
  };
}

/** Does not compile until a new outcome is added here, and so to the CRD. */
const outcomes: Readonly<Record<UpdateOutcome, true>> = {
  Complete: true,
  Failed: true,
  Superseded: true,
  RolledBack: true,
  Retried: true,
  Held: true,
  Resumed: true,
};

/** Does not compile until a new field of SeiNodeStatus is added here, and so to the CRD. */
export const fullStatus: Complete<SeiNodeStatus> = {
  observedGeneration: 3,
  phase: 'Running',
  currentImage: 'seid:v1',
  currentSidecarImage: 'seictl:v1',
  phaseTransitionTime: TIME,
  conditions: [trueCondition('Stalled', 'ImagePullBackOff')],
  pod: {
    name: 'n0-0',
    uid: 'pod-uid',
    image: 'mirror.example/sei:v1',
    sidecarImage: 'mirror.example/seictl:v1',
  },
  statefulSet: { name: 'node', uid: 'uid' },
  impostor: { name: 'node', uid: 'other' },
  plan: {
    id: 'plan',
    workflowId: 'seinode/dev/nodes/node',
    phase: 'Failed',
    targetImage: 'seid:v2',
    previousImage: 'seid:v1',
    startedAt: TIME,
    targetPhase: 'Running',
    tasks: [
      {
        type: 'config-apply',
        status: 'Failed',
        id: 'uuid-1',
        params: { mode: 'full' },
        after: ['uuid-0'],
        error: 'boom',
      },
    ],
    lastFailure: { step: 'replace-pod', reason: 'Refused', message: 'boom', at: TIME },
  },
  config: { overrides: '5b2a3e10' },
  hold: { reason: 'exchange maintenance', actor: 'kim', since: TIME },
  rollback: { rejectedImage: 'seid:v2', image: 'seid:v1', generation: 3 },
  history: (Object.keys(outcomes) as UpdateOutcome[]).map((outcome) => ({
    from: 'seid:v1',
    to: 'seid:v2',
    outcome,
    startedAt: TIME,
    endedAt: TIME,
    actor: 'kim',
    reason: 'maintenance',
  })),
};

/** Makes every optional field required, so that the example above cannot forget one. */
type Complete<T> = T extends readonly (infer Item)[]
  ? readonly Complete<Item>[]
  : T extends object
    ? { [Field in keyof T]-?: Complete<T[Field]> }
    : T;
