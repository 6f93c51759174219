import { Context } from '@temporalio/activity';

import type { NodeActivities } from '../../../activities/contract/activities.ts';
import type { AttemptInput } from '../../../activities/contract/plan.ts';
import type { Target } from '../../../domain/node/target.ts';
import type { DueWork } from '../../../domain/work/due-work.ts';

export const TARGET: Target = { image: 'sei:v2', sidecarImage: 'seictl:v1', replicas: 1 };
export const NOTHING_DUE: DueWork = { kind: 'nothing', why: 'the node runs its target' };
export const SYNC_DUE: DueWork = {
  kind: 'nodeSync',
  needs: [{ kind: 'missing', object: 'StatefulSet' }],
};
export const UPDATE_DUE: DueWork = { kind: 'nodeUpdate', target: TARGET, drifts: [] };

/** The beginning of an attempt at TARGET. */
export const BEGUN = {
  kind: 'begun',
  generation: 2,
  target: TARGET,
  previousImage: 'sei:v1',
  // Beyond the end of any test.
  policy: { deadlineSeconds: 30_000_000, autoRollback: false },
} as const;

export const HOLD = { reason: 'r', actor: 'kim', since: '2026-01-01T00:00:00Z' } as const;
export const HELD: DueWork = { kind: 'held', hold: HOLD };
/** A held node has lost its pod: the next one is to be let through. */
export const SERVING_DUE: DueWork = {
  kind: 'nodeSync',
  needs: [{ kind: 'pod-down', reason: 'PodMissing' }],
  hold: HOLD,
};
/** The beginning of its sync. */
export const SERVING = {
  ...BEGUN,
  hold: HOLD,
  applies: false,
  marksReady: true,
  sidecar: undefined,
  statefulSet: { uid: 'sts-uid', generation: 2 },
} as const;

export interface FakeActivities {
  readonly activities: NodeActivities;
  /** The activities in the order in which they began. */
  readonly calls: readonly string[];
  countOf(name: keyof NodeActivities): number;
}

/**
 * Makes activities that succeed at once, along the straight path of an update of generation 2, except where a test says
 * otherwise.
 */
export function fakeActivities(overrides: Partial<NodeActivities> = {}): FakeActivities {
  const calls: string[] = [];
  const scripted: NodeActivities = {
    beginUpdate: async () => ({ ...BEGUN }),
    finishUpdate: async () => ({ kind: 'finished', due: NOTHING_DUE }),
    failUpdate: async () => undefined,
    beginInit: async () => ({ ...BEGUN, tasks: [] }),
    finishInit: async () => ({ kind: 'finished', due: NOTHING_DUE }),
    failInit: async () => undefined,
    beginSync: async () => ({ ...BEGUN, applies: true, marksReady: false, sidecar: 'ready' }),
    finishSync: async () => ({ kind: 'finished', due: NOTHING_DUE }),
    failSync: async () => undefined,
    beginDelete: async () => ({ kind: 'begun' }),
    recordStall: async () => undefined,
    checkProgress: async () => ({
      kind: 'checked',
      stage: 0,
      policy: BEGUN.policy,
      notRolledBack: 'no image ran before',
    }),
    steer: async ({ command }) => ({ kind: 'done', message: command.kind }),
    ensureDataPvc: async () => undefined,
    applyRbacProxyConfig: async () => undefined,
    applyStatefulSet: async () => ({
      kind: 'applied',
      statefulSet: { uid: 'sts-uid', generation: 2 },
    }),
    awaitMounts: async () => ({ kind: 'free' }),
    applyService: async () => undefined,
    configPatch: async () => ({ kind: 'patched' }),
    replacePod: async () => ({ kind: 'replaced', pods: ['n0-0'] }),
    observeImage: async (input) => ({ kind: 'complete', pod: podRunning(input) }),
    runSidecarTask: async () => ({ kind: 'done' }),
    markReady: async () => ({ kind: 'ready' }),
    deleteStatefulSet: async () => undefined,
    deleteDataPvc: async () => undefined,
    removeFinalizer: async () => undefined,
    takeOver: async () => ({ kind: 'finished', due: NOTHING_DUE }),
    decideDueWork: async () => NOTHING_DUE,
    readTarget: async () => ({ generation: 2, target: TARGET }),
    awaitPodsGone: async () => ({ kind: 'none-left' }),
    ...overrides,
  };
  const recorded = (name: keyof NodeActivities) => {
    const activity = scripted[name] as (input: unknown) => Promise<unknown>;
    return (input: unknown): Promise<unknown> => {
      calls.push(name);
      return activity(input);
    };
  };
  const names = Object.keys(scripted) as (keyof NodeActivities)[];
  const activities = Object.fromEntries(
    names.map((name) => [name, recorded(name)]),
  ) as unknown as NodeActivities;
  return {
    activities,
    calls,
    countOf: (name) => calls.filter((call) => call === name).length,
  };
}

export function podRunning({ target }: Pick<AttemptInput, 'target'>) {
  return {
    name: 'n0-0',
    uid: 'pod-uid',
    ip: '127.0.0.1',
    image: target.image,
    sidecarImage: target.sidecarImage,
  };
}

/** Waits as the real activities do: it heartbeats, and ends when it is cancelled. */
export async function waitsUntilCancelled(): Promise<never> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), 100);
  try {
    return await context.cancelled;
  } finally {
    clearInterval(timer);
  }
}
