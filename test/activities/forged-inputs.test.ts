import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import { isConditionTrue } from '../../domain/node/condition.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { NODE, seiNode, V1 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import {
  applied,
  BEGIN,
  bringUp,
  driftedBed,
  initBed,
  NEW_TASK_IDS,
  newBed,
  PLAN,
  rollingBed,
  runningBed,
  served,
  TO_V1,
  TO_V2,
  updatingBed,
} from './activity-bed.ts';
import { deletedBed } from './delete-scenarios.ts';

type Name = keyof NodeActivities;
type Input<N extends Name> = Parameters<NodeActivities[N]>[0];

/** An activity that somebody schedules who may write to Temporal, and nothing else. */
interface Forgery<N extends Name> {
  readonly what: string;
  readonly bed: () => Promise<ActivityBed>;
  readonly input: (bed: ActivityBed) => Input<N>;
  /** Fields of status that the sender may have words in. Default none: nothing at all is written. */
  readonly says?: readonly string[];
  /** What it is told with, and tries again by. Default: the attempt ends without a failure. */
  readonly failsWith?: string;
}

const HOLD = { actor: 'kim', reason: 'it forks', since: '2026-01-01T11:00:00.000Z' };
const LATER = 1_000_000_000;
const EVIL = { image: 'evil/steal-keys:1', sidecarImage: 'evil/side:1', replicas: 1 } as const;
const FAILURE = { step: 'replace-pod', reason: 'Refused', message: 'call 0900' } as const;

/** Of the node's own StatefulSet and pod, at whatever generation. */
function rollout(bed: ActivityBed, target: typeof EVIL | typeof TO_V1 = TO_V1) {
  const { uid = 'none' } = bed.cluster.statefulSet(NODE) ?? {};
  const attempt = { ...PLAN, target, generation: LATER };
  return { ...attempt, statefulSet: { uid, generation: 0 }, known: undefined };
}

function podOf(bed: ActivityBed) {
  const { name = 'n0-0', uid = 'none', ip } = bed.cluster.pods(NODE)[0] ?? {};
  return { name, uid, ip, image: V1, sidecarImage: 's' };
}

const held = async () => {
  const bed = await runningBed();
  bed.cluster.editStatus(NODE, { hold: HOLD });
  return bed;
};

const paused = async () => {
  const bed = await runningBed();
  bed.cluster.editSpec(NODE, { paused: true });
  return bed;
};

/** A bring-up whose pod is there, before the sidecar has done anything on its volume. */
const halfMade = async () => {
  const bed = await initBed();
  await bed.run('applyStatefulSet', { ...PLAN, target: TO_V1, generation: 1 });
  bed.cluster.settle();
  return bed;
};

/** A StatefulSet of the node's name, with a pod, that is not the node's. */
const withImpostor = async () => {
  const bed = await runningBed();
  bed.cluster.editStatus(NODE, { statefulSet: { name: NODE.name, uid: 'the-one-before' } });
  return bed;
};

/** A StatefulSet that was deleted without its pod, of a node that nobody has deleted. */
const orphaned = async () => {
  const bed = await runningBed();
  bed.cluster.orphanPod({ namespace: NODE.namespace, name: 'n0-0' });
  bed.cluster.deleteStatefulSet(NODE);
  return bed;
};

/** A deleted node whose pod is still there. */
const leaving = async () => {
  const bed = await deletedBed();
  await bed.run('deleteStatefulSet', PLAN);
  return bed;
};

/** A watch is silent that has shown the node like this last. Any low generation is satisfied by that. */
function withWatchAt(bed: ActivityBed, seen: SeiNode): ActivityBed {
  bed.cluster.cache.freeze('node');
  bed.cluster.cache.show(seen);
  return bed;
}

const rolledUnseen = async () => {
  const bed = await runningBed();
  const before = bed.node;
  bed.cluster.editSpec(NODE, { image: TO_V2.image });
  await bed.run('beginUpdate', BEGIN);
  const rollout = await applied(bed, TO_V2);
  bed.cluster.settle();
  await bed.run('replacePod', rollout);
  bed.cluster.settle();
  await served(bed, rollout);
  await bed.run('finishUpdate', PLAN);
  return withWatchAt(bed, before);
};

const unpausedUnseen = async () => {
  const bed = await paused();
  const before = bed.node;
  bed.cluster.editSpec(NODE, { paused: false });
  return withWatchAt(bed, before);
};

/** Restarts the sidecar with a volume from before its tasks. */
const broughtUpUnseen = async () => {
  const bed = await newBed();
  await bed.run('beginInit', BEGIN);
  const before = bed.node;
  await bringUp(bed);
  bed.sidecar.restart(podOf(bed).ip ?? '');
  bed.sidecar.forgetTasks(NODE);
  return withWatchAt(bed, before);
};

/** Each activity, so that one without an entry does not compile. */
const FORGERIES: { readonly [N in Name]: readonly Forgery<N>[] } = {
  beginUpdate: [{ what: 'where none is due', bed: runningBed, input: () => BEGIN }],
  finishUpdate: [
    { what: 'of one that has only begun', bed: updatingBed, input: () => PLAN },
    { what: 'of a bring-up', bed: halfMade, input: () => PLAN },
    {
      what: 'of one that rolls',
      bed: async () => (await rollingBed()).bed,
      input: () => PLAN,
    },
  ],
  failUpdate: [
    {
      what: 'of another plan',
      bed: updatingBed,
      input: () => ({ ...PLAN, planId: 'another', failure: FAILURE }),
    },
    {
      what: 'of the plan under way',
      bed: updatingBed,
      input: () => ({ ...PLAN, failure: FAILURE }),
      says: ['plan', 'conditions', 'history'],
    },
  ],
  beginInit: [{ what: 'of a node that serves', bed: runningBed, input: () => BEGIN }],
  finishInit: [
    {
      what: 'before the sidecar has done anything',
      bed: halfMade,
      input: () => ({ ...PLAN, generation: 1 }),
    },
    { what: 'of an update', bed: updatingBed, input: () => ({ ...PLAN, generation: 2 }) },
  ],
  failInit: [
    {
      what: 'of a generation that there is not yet',
      bed: initBed,
      input: () => ({ ...PLAN, failure: { ...FAILURE, reason: 'InvalidSpec' }, generation: LATER }),
      says: ['plan', 'conditions', 'phase', 'phaseTransitionTime'],
    },
  ],
  beginSync: [{ what: 'where nothing is due', bed: runningBed, input: () => BEGIN }],
  finishSync: [
    {
      what: 'with a sidecar that is ready, it says',
      bed: async () => {
        const bed = await runningBed();
        bed.sidecar.restart(podOf(bed).ip ?? '');
        await bed.run('beginSync', BEGIN);
        return bed;
      },
      input: () => ({ ...PLAN, sidecar: 'ready' }),
    },
  ],
  failSync: [
    {
      what: 'in whatever words',
      bed: runningBed,
      input: () => ({ ...PLAN, failure: FAILURE }),
      says: ['conditions'],
    },
  ],
  beginDelete: [{ what: 'of a node that nobody has deleted', bed: runningBed, input: () => BEGIN }],
  recordStall: [
    {
      what: 'in whatever words',
      bed: runningBed,
      input: () => ({ ...PLAN, trouble: { reason: 'Evil' as never, message: 'call 0900' } }),
      says: ['conditions'],
    },
  ],
  checkProgress: [{ what: 'of another plan', bed: updatingBed, input: () => PLAN }],
  steer: [
    {
      what: 'as the deadline, where no plan is late that could go back',
      bed: runningBed,
      input: () => ({
        ...PLAN,
        command: { kind: 'rollback', actor: 'a', reason: 'r' },
        by: 'deadline',
      }),
    },
    {
      what: 'with words without end',
      bed: runningBed,
      input: () => ({
        ...PLAN,
        command: { kind: 'pause', actor: 'a'.repeat(100_000), reason: '\u001b[2J'.repeat(100_000) },
        by: 'somebody',
      }),
      says: ['hold', 'conditions', 'history'],
    },
  ],
  ensureDataPvc: [
    {
      what: 'of a node that is held',
      bed: async () => {
        const bed = await newBed();
        bed.cluster.editStatus(NODE, { hold: HOLD });
        return bed;
      },
      input: () => PLAN,
    },
    { what: 'of a node that is deleted', bed: deletedBed, input: () => PLAN },
  ],
  applyRbacProxyConfig: [
    {
      what: 'of a node that is held',
      bed: async () => {
        const bed = await held();
        bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } });
        return bed;
      },
      input: () => ({ ...PLAN, generation: LATER }),
    },
  ],
  applyStatefulSet: [
    {
      what: 'with an image of its own, for a generation that there is not yet',
      bed: runningBed,
      input: () => ({ ...PLAN, target: EVIL, generation: LATER }),
    },
    {
      what: 'with an image of its own, for any generation',
      bed: runningBed,
      input: () => ({ ...PLAN, target: EVIL, generation: 0 }),
    },
    {
      what: 'with the image from before',
      bed: driftedBed,
      input: () => ({ ...PLAN, target: TO_V1, generation: LATER }),
    },
    {
      what: 'with no pod for a node that is not paused',
      bed: runningBed,
      input: () => ({ ...PLAN, target: { ...TO_V1, replicas: 0 }, generation: LATER }),
    },
    {
      what: 'with a pod for a node that is paused',
      bed: paused,
      input: () => ({ ...PLAN, target: TO_V1, generation: LATER }),
    },
    {
      what: 'of a node that is held',
      bed: async () => {
        const bed = await driftedBed();
        bed.cluster.editStatus(NODE, { hold: HOLD });
        return bed;
      },
      input: () => ({ ...PLAN, target: TO_V2, generation: 2 }),
    },
    {
      what: 'with the image from before, which a watch still shows',
      bed: rolledUnseen,
      input: () => ({ ...PLAN, target: TO_V1, generation: 0 }),
    },
    {
      what: 'with no pod for a node whose pause has ended, which a watch still shows',
      bed: unpausedUnseen,
      input: () => ({ ...PLAN, target: { ...TO_V1, replicas: 0 }, generation: 0 }),
    },
  ],
  awaitMounts: [
    {
      what: 'for a node that is paused',
      bed: async () => {
        const bed = await newBed();
        bed.cluster.editSpec(NODE, {
          paused: true,
          validator: { signingKey: { secret: { secretName: 'key' } } },
        });
        return bed;
      },
      input: () => ({
        ...PLAN,
        target: { ...TO_V1, replicas: 0 },
        generation: LATER,
        known: undefined,
      }),
    },
  ],
  applyService: [
    { what: 'of a node that is held', bed: held, input: () => ({ ...PLAN, generation: LATER }) },
  ],
  configPatch: [
    {
      what: 'of files that the spec does not name',
      bed: async () => (await rollingBed()).bed,
      input: (bed) => ({
        ...rollout(bed, TO_V2 as typeof TO_V1),
        files: { 'config.toml': { p2p: { 'persistent-peers': 'evil@1.2.3.4:26656' } } },
        taskId: 'task',
      }),
    },
  ],
  replacePod: [
    { what: 'for another image', bed: runningBed, input: (bed) => rollout(bed, EVIL) },
    {
      what: 'of a node that is held',
      bed: async () => {
        const { bed } = await rollingBed();
        bed.cluster.editStatus(NODE, { hold: HOLD });
        return bed;
      },
      input: (bed) => rollout(bed, TO_V2),
    },
    {
      what: 'of an impostor',
      bed: withImpostor,
      input: (bed) => rollout(bed),
    },
  ],
  observeImage: [
    {
      what: 'for another image',
      bed: runningBed,
      input: (bed) => ({ ...rollout(bed, EVIL), revision: 'any' }),
    },
    {
      what: 'of an impostor',
      bed: withImpostor,
      input: (bed) => ({ ...rollout(bed), revision: 'any' }),
    },
  ],
  runSidecarTask: [
    {
      what: 'that the plan has, with parameters of its own',
      bed: halfMade,
      input: (bed) => ({
        ...rollout(bed),
        pod: podOf(bed),
        task: {
          type: 'config-apply',
          id: NEW_TASK_IDS['config-apply'],
          params: { overrides: { evil: 'yes' } },
          retries: 0,
          isDone: false,
        },
        taskId: NEW_TASK_IDS['config-apply'],
        failedRun: undefined,
      }),
    },
    {
      what: 'that is done, which a watch does not show yet',
      bed: broughtUpUnseen,
      input: (bed) => ({
        ...rollout(bed),
        generation: 0,
        pod: podOf(bed),
        task: {
          type: 'configure-genesis',
          id: NEW_TASK_IDS['configure-genesis'],
          retries: 0,
          isDone: false,
        },
        taskId: NEW_TASK_IDS['configure-genesis'],
        failedRun: undefined,
      }),
    },
    {
      what: 'that is none of the plan',
      bed: runningBed,
      input: (bed) => ({
        ...rollout(bed),
        pod: podOf(bed),
        task: { type: 'snapshot-restore', id: 'mine', retries: 0, isDone: false },
        taskId: 'mine',
        failedRun: undefined,
      }),
    },
  ],
  markReady: [
    {
      what: 'of a node whose volume is half made',
      bed: halfMade,
      input: (bed) => ({ ...rollout(bed), pod: podOf(bed), taskId: 'mine' }),
    },
    {
      what: 'of the pod of an impostor',
      bed: withImpostor,
      input: (bed) => ({ ...rollout(bed), pod: podOf(bed), taskId: 'mine' }),
    },
    {
      what: 'for another image',
      bed: runningBed,
      input: (bed) => ({ ...rollout(bed, EVIL), pod: podOf(bed), taskId: 'mine' }),
    },
  ],
  takeOver: [
    {
      what: 'of a node that is being brought up',
      bed: halfMade,
      input: () => ({ ...PLAN, target: TO_V1, generation: 1 }),
    },
    {
      what: 'of a node that is updated, as if it were on the target',
      bed: updatingBed,
      input: () => ({ ...PLAN, target: TO_V1, generation: 2 }),
    },
  ],
  deleteStatefulSet: [{ what: 'of a live node', bed: runningBed, input: () => PLAN }],
  awaitPodsGone: [
    {
      what: 'of a live node, as if it were deleted',
      bed: orphaned,
      input: () => ({ ...PLAN, because: 'deleted', known: undefined }),
    },
    {
      what: 'of a live node, as if it were paused',
      bed: runningBed,
      input: () => ({ ...PLAN, because: 'paused', known: undefined }),
    },
  ],
  deleteDataPvc: [{ what: 'of a live node', bed: runningBed, input: () => PLAN }],
  removeFinalizer: [
    { what: 'of a live node', bed: runningBed, input: () => PLAN },
    {
      what: 'of a deleted node whose pod runs',
      bed: leaving,
      input: () => PLAN,
      failsWith: 'waiting for pod n0-0 on machine machine, which has not been asked to stop yet',
    },
  ],
  decideDueWork: [
    {
      what: 'of a later node of the name',
      bed: async () => {
        const bed = await runningBed();
        bed.cluster.removeNode(NODE);
        bed.cluster.createNode(seiNode({ metadata: { uid: 'later' } }));
        return bed;
      },
      input: () => ({ node: NODE, told: 'nodeInit' }),
    },
  ],
  readTarget: [
    {
      what: 'of a generation that there is not yet',
      bed: runningBed,
      input: () => ({ node: NODE, atLeastGeneration: LATER }),
    },
  ],
};

const ROWS = Object.entries(FORGERIES).flatMap(([name, forgeries]) =>
  (forgeries as readonly Forgery<Name>[]).map((forgery) => ({ name: name as Name, ...forgery })),
);

describe('an input that nobody honest sends', () => {
  it.each(ROWS)('$name $what', async ({ name, bed: prepare, input, says = [], failsWith }) => {
    const bed = await prepare();
    bed.sidecar.begun.length = 0;
    const before = essenceOf(bed, says);
    // One that dies of what it was sent has refused nothing.
    expect(await failureOf(bed.run(name, input(bed)))).toBe(failsWith);
    expect(essenceOf(bed, says)).toEqual(before);
  });

  it('cannot say that a node is ready', async () => {
    const said: string[] = [];
    for (const { name, what, bed: prepare, input } of ROWS) {
      const bed = await prepare();
      const isReady = () => isConditionTrue(bed.cluster.node(NODE)?.status?.conditions, 'Ready');
      const wasReady = isReady();
      await failureOf(bed.run(name, input(bed)));
      if (isReady() && !wasReady) said.push(`${name} ${what}`);
    }
    expect(said).toEqual([]);
  });

  it('cannot make a failed node wait for a spec that never comes', async () => {
    const bed = await initBed();
    const failure = { ...FAILURE, reason: 'SidecarTaskFailed' } as const;
    await bed.run('failInit', { ...PLAN, failure, generation: LATER });
    bed.cluster.editSpec(NODE, { overrides: { a: 'b' } });
    expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeInit' })).toMatchObject({
      kind: 'nodeInit',
    });
  });

  it('cannot put words into a hold that no terminal could show', async () => {
    const bed = await runningBed();
    const command = { kind: 'pause', actor: 'a', reason: `\u001b[2J${'x'.repeat(9_999)}` } as const;
    await bed.run('steer', { ...PLAN, command, by: 'somebody' });
    const { reason = '' } = bed.node.status?.hold ?? {};
    expect(reason).not.toContain('\u001b');
    expect(reason.length).toBeLessThan(2_000);
  });
});

/** The words of a failure that is meant; any other error is the test's. */
async function failureOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (err) {
    if (err instanceof ApplicationFailure) return err.message;
    throw err;
  }
}

/** Everything except Events, which only inform, and the fields of status that may quote the sender. */
function essenceOf(bed: ActivityBed, says: readonly string[]) {
  const { events: _, inventory, node, tasksBegun, ...state } = bed.state;
  const status = Object.entries(node.status ?? {}).filter(([field]) => !says.includes(field));
  return {
    ...state,
    tasksBegun: [...tasksBegun],
    inventory: inventory.filter((one) => !one.startsWith('events ')),
    node: { ...node, status: Object.fromEntries(status) },
    metadata: bed.cluster.node(NODE)?.metadata.finalizers,
    deletion: bed.cluster.node(NODE)?.metadata.deletionTimestamp,
  };
}
