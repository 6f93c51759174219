import { ApplicationFailure } from '@temporalio/common';

import type { NodeActivities } from '../../../activities/contract/activities.ts';
import { FailureType } from '../../../domain/failure/failure-type.ts';
import type { DueWork } from '../../../domain/work/due-work.ts';
import { identified } from '../identified.ts';
import { BEGUN, fakeActivities, podRunning, TARGET } from './fake-activities.ts';
import { waits } from './simulation/attempt.ts';

const OTHER_TARGET = { ...TARGET, image: 'sei:v3' };
const PAUSED_TARGET = { ...TARGET, replicas: 0 } as const;
const STATEFUL_SET = { uid: 'sts-uid', generation: 2 };
const POD = podRunning({ target: TARGET });
const TASKS = [
  { type: 'configure-genesis', retries: 180 },
  { type: 'config-apply', retries: 0 },
] as const;
const STALL = { reason: 'ImagePullBackOff', message: 'denied' } as const;
const OTHER_STALL = { reason: 'Unschedulable', message: 'no room' } as const;

const HOLD = { reason: 'r', actor: 'a', since: '2026-01-01T00:00:00Z' };

const GONE = { kind: 'gone' } as const;
const SUPERSEDED = { kind: 'superseded' } as const;

const DUES: readonly DueWork[] = [
  { kind: 'nothing', why: 'the node is as its spec wants it' },
  { kind: 'nodeInit', why: 'the node is in phase Pending' },
  { kind: 'nodeUpdate', target: TARGET, drifts: [] },
  { kind: 'nodeUpdate', target: OTHER_TARGET, drifts: [{ kind: 'unfinished-update' }] },
  { kind: 'nodeSync', needs: [{ kind: 'missing', object: 'Service' }] },
  { kind: 'nodeSync', needs: [{ kind: 'settle-stall' }] },
  { kind: 'nodeSync', needs: [{ kind: 'pod-down', reason: 'PodMissing' }], hold: HOLD },
  { kind: 'nodeDelete' },
  { kind: 'held', hold: HOLD },
  { kind: 'failed', why: 'given up' },
];
const NOT_DUE = DUES.map((due) => ({ kind: 'not-due', due }) as const);
const FINISHED = [GONE, ...DUES.map((due) => ({ kind: 'finished', due }) as const)];
const POLICIES = [
  { deadlineSeconds: 600, autoRollback: false },
  { deadlineSeconds: 1, autoRollback: true },
  { deadlineSeconds: 60, autoRollback: true },
];
const BEGINNINGS = POLICIES.flatMap((policy) =>
  [TARGET, OTHER_TARGET, PAUSED_TARGET].flatMap((target) => [
    { ...BEGUN, policy, target },
    { ...BEGUN, policy, target, generation: 1, stall: STALL },
  ]),
);
const ROUND_ENDS = [
  GONE,
  SUPERSEDED,
  { kind: 'forgotten' },
  { kind: 'task-failed', error: 'no' },
  { kind: 'pod-lost' },
] as const;

/** The answers that each activity may give. A result without a line here does not compile. */
const ANSWERS: {
  readonly [Name in keyof NodeActivities]: readonly Awaited<ReturnType<NodeActivities[Name]>>[];
} = {
  beginUpdate: [GONE, ...NOT_DUE, ...BEGINNINGS],
  finishUpdate: FINISHED,
  failUpdate: [undefined],
  beginInit: [
    GONE,
    ...NOT_DUE,
    ...BEGINNINGS.map((begun) => ({ ...begun, tasks: TASKS.map((task) => identified(task)) })),
    ...BEGINNINGS.map((begun) => ({ ...begun, kind: 'taking-over', marksReady: true }) as const),
  ],
  finishInit: [...FINISHED, SUPERSEDED],
  failInit: [undefined],
  beginSync: [
    GONE,
    ...NOT_DUE,
    ...BEGINNINGS.map(
      (begun) => ({ ...begun, applies: true, marksReady: true, sidecar: undefined }) as const,
    ),
    { ...BEGUN, applies: false, marksReady: false, sidecar: 'ready' },
    { ...BEGUN, applies: true, marksReady: false, sidecar: 'not-ready' },
    {
      ...BEGUN,
      hold: HOLD,
      applies: false,
      marksReady: true,
      sidecar: 'not-ready',
      statefulSet: STATEFUL_SET,
    },
  ],
  finishSync: FINISHED,
  failSync: [undefined],
  beginDelete: [GONE, ...NOT_DUE, { kind: 'begun' }],
  recordStall: [undefined],
  checkProgress: [
    GONE,
    ...POLICIES.flatMap((policy) =>
      [0, 3, 99].flatMap((stage) => [
        { kind: 'checked', policy, stage, notRolledBack: undefined } as const,
        { kind: 'checked', policy, stage, notRolledBack: 'no image ran before' } as const,
        { kind: 'checked', policy, stage, isPodInGrace: true, notRolledBack: undefined } as const,
      ]),
    ),
  ],
  steer: [GONE, { kind: 'done', message: 'done' }, { kind: 'refused', message: 'refused' }],
  ensureDataPvc: [undefined],
  applyRbacProxyConfig: [undefined],
  applyStatefulSet: [
    GONE,
    SUPERSEDED,
    { kind: 'again' },
    { kind: 'mounts-in-use' },
    { kind: 'applied', statefulSet: STATEFUL_SET },
  ],
  awaitMounts: [
    GONE,
    SUPERSEDED,
    { kind: 'free' },
    { kind: 'blocked', trouble: STALL },
    { kind: 'blocked', trouble: OTHER_STALL },
    { kind: 'unblocked' },
  ],
  applyService: [undefined],
  configPatch: [{ kind: 'patched' }, { kind: 'skipped', reason: 'no pod' }],
  replacePod: [GONE, SUPERSEDED, { kind: 'replaced', pods: ['n0-0'] }],
  observeImage: [
    GONE,
    SUPERSEDED,
    { kind: 'complete', pod: POD },
    { kind: 'blocked', trouble: STALL },
    { kind: 'blocked', trouble: OTHER_STALL },
    { kind: 'unblocked' },
  ],
  runSidecarTask: [
    ...ROUND_ENDS,
    { kind: 'let-through' },
    { kind: 'done' },
    { kind: 'refused', error: 'unknown type' },
  ],
  markReady: [...ROUND_ENDS, { kind: 'ready' }],
  deleteStatefulSet: [undefined],
  deleteDataPvc: [undefined],
  removeFinalizer: [undefined],
  takeOver: FINISHED,
  decideDueWork: [GONE, ...DUES],
  readTarget: [
    undefined,
    { generation: 2, target: TARGET },
    { generation: 1, target: OTHER_TARGET },
  ],
  awaitPodsGone: [
    GONE,
    SUPERSEDED,
    { kind: 'none-left' },
    { kind: 'blocked', trouble: STALL },
    { kind: 'unblocked' },
  ],
};

/** Failures that no retry ends, as a step may end with any of them. */
const FAILURES = [...Object.values(FailureType), 'sidecar-http', ''];

/** Makes numbers in [0, 1) that follow from the seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Adversary {
  readonly activities: NodeActivities;
  /** Makes it answer as a healthy world does from now on. */
  readonly turnHonest: () => void;
}

/**
 * Makes activities that answer any of their outcomes, for ever: each of them always the same, a few by turns, or a
 * random one. The seed decides which. The bookkeeping fails only for moments, since it is retried until it is done.
 */
export function adversary(seed: number): Adversary {
  const next = random(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const honest = fakeActivities().activities;
  let isHonest = false;
  const scheme = (name: keyof NodeActivities): ((input: never) => Promise<unknown>) => {
    const answers: readonly unknown[] = ANSWERS[name];
    const few = [pick(answers), pick(answers)];
    const kind = pick(['always', 'always', 'by turns', 'any', 'any', 'honest', 'fails'] as const);
    const failure = pick(FAILURES);
    let calls = 0;
    return async (input) => {
      calls += 1;
      if (isHonest) return (honest[name] as (input: never) => Promise<unknown>)(input);
      switch (kind) {
        case 'always':
          return few[0];
        case 'by turns':
          return few[calls % few.length];
        case 'any':
          if (next() < 0.2) throw new Error('connection refused');
          if (next() < 0.1) await waits('3 minutes');
          return pick(answers);
        case 'honest':
          return (honest[name] as (input: never) => Promise<unknown>)(input);
        case 'fails':
          if (isBookkeeping(name)) return few[0];
          throw ApplicationFailure.nonRetryable('no', failure);
      }
    };
  };
  const names = Object.keys(ANSWERS) as (keyof NodeActivities)[];
  return {
    activities: Object.fromEntries(
      names.map((name) => [name, scheme(name)]),
    ) as unknown as NodeActivities,
    turnHonest: () => {
      isHonest = true;
    },
  };
}

function isBookkeeping(name: keyof NodeActivities): boolean {
  return /^(begin|finish|fail|record|check|steer|decide|read|takeOver)/.test(name);
}
