import { describe, expect, it } from 'vitest';

import type { Condition } from '../../../domain/node/condition.ts';
import type { Phase, SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import type { SeiNode, SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import { SEID_CONTAINER } from '../../../domain/pod/pod-view.ts';
import { configRecord } from '../../../domain/sidecar/config-status.ts';
import type { SidecarState } from '../../../domain/sidecar/sidecar-state.ts';
import type { Drift } from '../../../domain/work/drift.ts';
import type { DueWork } from '../../../domain/work/due-work.ts';
import { dueWork, observationOf } from '../../../domain/work/due-work.ts';
import { combinations } from '../../support/combinations.ts';
import type { SeiNodeParts } from '../../support/sei-node.ts';
import {
  DEFAULT_SIDECAR,
  EARLIER,
  foreignNode,
  forgedPod,
  plan,
  pod,
  runningNode,
  seiNode,
  SIDECAR,
  statefulSet,
  V1,
  V2,
  waiting,
} from '../../support/sei-node.ts';

const policy = { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR };

interface DriftParts {
  readonly spec?: Partial<SeiNodeSpec>;
  readonly status?: SeiNodeStatus;
  readonly pods?: readonly PodView[];
}

type DriftKind = 'none' | Drift['kind'];

/** Each kind of drift, on a node that runs its target otherwise. */
const DRIFTS: Readonly<Record<DriftKind, DriftParts>> = {
  none: {},
  image: { spec: { image: V2 } },
  'sidecar-image': { spec: { sidecar: { image: 'seictl:v2' } } },
  'unfinished-update': {
    status: {
      conditions: [
        {
          type: 'NodeUpdateInProgress',
          status: 'True',
          reason: 'UpdateStarted',
          message: '',
          lastTransitionTime: EARLIER,
        },
      ],
    },
  },
  'pod-image': { pods: [pod({ image: 'sei:v0' })] },
  'pod-revision': { pods: [pod({ revision: undefined })] },
};

const DRIFT_KINDS = Object.keys(DRIFTS) as DriftKind[];

interface Row {
  readonly phase: Phase | undefined;
  readonly drift: DriftKind;
  readonly deleted: boolean;
  readonly takenOver: boolean;
}

const ROWS: readonly Row[] = combinations({
  phase: [undefined, 'Pending', 'Initializing', 'Running', 'Failed', 'Terminating'],
  drift: DRIFT_KINDS,
  deleted: [false, true],
  takenOver: [false, true],
});

function dueIn({ phase, drift, deleted, takenOver }: Row): DueWork {
  const { spec = {}, status = {}, pods = [pod()] } = DRIFTS[drift];
  const parts = {
    metadata: deleted ? { deletionTimestamp: EARLIER } : {},
    spec,
    status: { ...status, ...(phase !== undefined && { phase }) },
  };
  const node = takenOver ? runningNode(parts) : foreignNode(parts);
  return dueWork(observationOf(phase === undefined ? withoutPhase(node) : node, pods), policy);
}

function withoutPhase(node: SeiNode): SeiNode {
  const { phase: _, ...status } = node.status ?? {};
  return { ...node, status };
}

const kindsDueIn = (rows: readonly Row[]) => new Set(rows.map((row) => dueIn(row).kind));

// Together the rules cover every row of the table once.
describe('dueWork', () => {
  const living = ROWS.filter((row) => !row.deleted);

  it('is nothing for a node that is being deleted, whatever else holds', () => {
    expect(kindsDueIn(ROWS.filter((row) => row.deleted))).toEqual(new Set(['nothing']));
  });

  it.each([
    ['Failed', 'failed'],
    ['Terminating', 'nothing'],
  ])('begins nothing in phase %s, whatever has drifted', (phase, kind) => {
    expect(kindsDueIn(living.filter((row) => row.phase === phase))).toEqual(new Set([kind]));
  });

  it.each([undefined, 'Pending', 'Initializing'])(
    'is the bring-up in phase %s, whatever has drifted',
    (phase) => {
      expect(kindsDueIn(living.filter((row) => row.phase === phase))).toEqual(
        new Set(['nodeInit']),
      );
    },
  );

  it('is the take-over of a Running node of another operator, whatever has drifted', () => {
    const rows = living.filter((row) => row.phase === 'Running' && !row.takenOver);
    expect(kindsDueIn(rows)).toEqual(new Set(['nodeInit']));
  });

  it.each(DRIFT_KINDS.filter((kind) => kind !== 'none'))(
    'is an update of a Running node for drift %s',
    (drift) => {
      expect(dueIn({ phase: 'Running', drift, deleted: false, takenOver: true })).toMatchObject({
        kind: 'nodeUpdate',
        drifts: [{ kind: drift }],
      });
    },
  );

  it('is nothing for a Running node without drift', () => {
    const row = { phase: 'Running', drift: 'none', deleted: false, takenOver: true } as const;
    expect(dueIn(row)).toEqual({ kind: 'nothing', why: 'the node is as its spec wants it' });
  });

  it('is the bring-up of a node that has no status yet', () => {
    expect(dueWork(observationOf(seiNode()), policy).kind).toBe('nodeInit');
  });

  it('aims an update at the images of the spec', () => {
    expect(
      dueIn({ phase: 'Running', drift: 'image', deleted: false, takenOver: true }),
    ).toMatchObject({ target: { image: V2, sidecarImage: SIDECAR } });
  });

  it('finishes a take-over that was cut off before it updates anything', () => {
    const cutOff = plan({ tasks: [{ type: 'take-over', status: 'Pending' }] });
    const node = runningNode({ spec: { image: V2 }, status: { plan: cutOff } });
    expect(dueWork(observationOf(node), policy).kind).toBe('nodeInit');
    const finished = runningNode({
      spec: { image: V2 },
      status: { plan: { ...cutOff, phase: 'Complete' } },
    });
    expect(dueWork(observationOf(finished), policy).kind).toBe('nodeUpdate');
  });

  it('counts only pods of the tracked StatefulSet', () => {
    const stranger = pod({ image: V2, statefulSetUid: 'another' });
    const orphan = pod({ image: V2, statefulSetUid: undefined });
    const pods = [
      stranger,
      orphan,
      forgedPod(),
      pod({ name: 'n0-1', image: V2 }),
      pod({ image: V1 }),
    ];
    expect(dueWork(observationOf(runningNode(), pods), policy).kind).toBe('nothing');
  });

  it('counts no pod while no StatefulSet is tracked', () => {
    const { statefulSet: _, ...status } = runningNode().status ?? {};
    const pods = [pod({ image: V2, statefulSetUid: undefined })];
    expect(dueWork(observationOf({ ...runningNode(), status }, pods), policy).kind).toBe('nothing');
  });
});

describe('dueWork at rest', () => {
  it('finds the pod missing where only others look like it', () => {
    const others = [forgedPod(), pod({ name: 'n0-1' })];
    expect(observe({}, others)).toMatchObject({
      needs: [{ kind: 'pod-down', reason: 'PodMissing' }],
    });
  });

  const observe = (parts: SeiNodeParts, pods: readonly PodView[], sidecar?: SidecarState) =>
    dueWork(
      { node: runningNode(parts), pods, statefulSet: statefulSet(), owned: [], sidecar },
      policy,
    );
  const ready = (observedGeneration: number): Condition => ({
    type: 'Ready',
    status: 'True',
    reason: 'Running',
    message: '',
    lastTransitionTime: EARLIER,
    observedGeneration,
  });
  const down = {
    ...ready(1),
    type: 'PodRunning',
    status: 'False',
    reason: 'CrashLoopBackOff',
  } as const;
  const crashing = pod({
    containers: { [SEID_CONTAINER]: { ...waiting('CrashLoopBackOff'), hasStarted: true } },
  });

  it.each<[string, SeiNodeParts, readonly PodView[], SidecarState | undefined, unknown]>([
    [
      'has lost its pod',
      {},
      [],
      undefined,
      { needs: [{ kind: 'pod-down', reason: 'PodMissing' }] },
    ],
    [
      'has a pod that cannot start',
      {},
      [pod({ containers: { [SEID_CONTAINER]: waiting('ImagePullBackOff') } })],
      undefined,
      { needs: [{ kind: 'pod-down', reason: 'ImagePullBackOff' }] },
    ],
    ['crashes', {}, [crashing], undefined, { needs: [{ kind: 'record-pod' }] }],
    [
      'is known to crash',
      { status: { conditions: [down] } },
      [crashing],
      undefined,
      { kind: 'nothing' },
    ],
    [
      'serves again',
      { status: { conditions: [down, { ...ready(1), type: 'SidecarReady' }] } },
      [pod()],
      'ready',
      { needs: [{ kind: 'record-pod' }] },
    ],
    [
      'has another pod than status names',
      { status: { pod: { name: 'n0-0', uid: 'the pod before', image: V1 } } },
      [pod()],
      undefined,
      { needs: [{ kind: 'record-pod' }] },
    ],
    [
      'has a spec that no status is of',
      { metadata: { generation: 2 }, status: { conditions: [ready(1)] } },
      [pod()],
      undefined,
      { needs: [{ kind: 'acknowledge-spec' }] },
    ],
    [
      'has a Ready of an older spec',
      { status: { conditions: [ready(0)] } },
      [pod()],
      undefined,
      { needs: [{ kind: 'acknowledge-spec' }] },
    ],
    [
      'has settings that are not in force',
      { spec: { overrides: { a: '2' } }, status: { config: configRecord(runningNode()) } },
      [pod()],
      undefined,
      { needs: [{ kind: 'record-config-currency' }] },
    ],
    [
      'failed to take an image that is not asked for any more',
      {
        status: {
          conditions: [
            { ...ready(1), type: 'NodeUpdateInProgress', status: 'False', reason: 'UpdateFailed' },
          ],
        },
      },
      [pod()],
      undefined,
      { needs: [{ kind: 'settle-failure' }] },
    ],
  ])('sees a node that %s', (_, parts, pods, sidecar, expected) => {
    expect(observe(parts, pods, sidecar)).toMatchObject(expected as object);
  });

  it('does not wait under a hold for a pod that nobody may scale up', () => {
    const hold = { reason: 'r', actor: 'a', since: EARLIER };
    const due = dueWork(
      {
        node: runningNode({ status: { hold } }),
        pods: [],
        statefulSet: statefulSet({ replicas: 0 }),
        owned: [],
        sidecar: undefined,
      },
      policy,
    );
    expect(due.kind).toBe('held');
  });

  it('acknowledges a spec that nobody may carry out, or that has nothing to carry out yet', () => {
    const hold = { reason: 'r', actor: 'a', since: EARLIER };
    const metadata = { generation: 2 };
    const needs = [{ kind: 'acknowledge-spec' }];
    const held = { metadata, spec: { paused: true }, status: { hold } };
    expect(observe(held, [])).toMatchObject({ needs });
    const paused = [{ ...ready(2), type: 'Paused' }];
    const newborn = { metadata, spec: { paused: true }, status: { phase: 'Pending' } } as const;
    expect(
      observe({ ...newborn, status: { ...newborn.status, conditions: paused } }, []),
    ).toMatchObject({ needs });
    const failed = { phase: 'Failed', conditions: [ready(1)] } as const;
    expect(observe({ metadata, spec: { paused: true }, status: failed }, [])).toMatchObject({
      needs,
    });
    expect(observe({ metadata, status: { ...failed, hold } }, [])).toMatchObject({ needs, hold });
  });

  it('waits for a person once the spec of a Failed node is acknowledged, held, paused or neither', () => {
    const hold = { reason: 'r', actor: 'a', since: EARLIER };
    const metadata = { generation: 2 };
    const status = { phase: 'Failed', observedGeneration: 2, conditions: [ready(1)] } as const;
    expect(observe({ metadata, spec: { paused: true }, status }, []).kind).toBe('failed');
    expect(observe({ metadata, status: { ...status, hold } }, []).kind).toBe('held');
    expect(observe({ status: { ...status, observedGeneration: 1 } }, []).kind).toBe('failed');
  });

  it('ends the plan of a sidecar that is ready again', () => {
    const reapproval = plan({ tasks: [{ type: 'mark-ready', status: 'Pending' }] });
    const known = { ...ready(1), type: 'SidecarReady' };
    const status = { plan: reapproval, conditions: [known] };
    expect(observe({ status }, [pod()], 'ready')).toMatchObject({
      needs: [{ kind: 'end-reapproval' }],
    });
  });

  it('lets the pod of a held node through, and holds everything else', () => {
    const hold = { reason: 'r', actor: 'a', since: EARLIER };
    const parts = { spec: { image: V2 }, status: { hold } };
    expect(observe(parts, [pod()], 'not-ready')).toMatchObject({ needs: [{ kind: 'mark-ready' }] });
    const known = { ...ready(1), type: 'SidecarReady' };
    expect(
      observe({ ...parts, status: { hold, conditions: [known] } }, [pod()], 'ready').kind,
    ).toBe('held');
  });
});
