import { beforeEach, describe, expect, it } from 'vitest';

import type { SyncBegun } from '../../activities/contract/begin.ts';
import { findCondition } from '../../domain/node/condition.ts';
import { NODE, NOW, seiNode, V2 } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN, runningBed, TO_V1 } from './activity-bed.ts';
import { replaceByImpostor } from './rendered-stateful-set.ts';
import { unpausedBed } from './sync-scenarios.ts';

let bed: ActivityBed;

beforeEach(async () => {
  bed = await runningBed();
});

const begin = () => bed.run('beginSync', BEGIN);
const restartSidecar = () => bed.sidecar.restart(bed.cluster.pods(NODE)[0]?.ip ?? '');

interface Row {
  readonly given: string;
  readonly happens: () => unknown;
  /** All but the target, which is that of spec. */
  readonly begun: Partial<Omit<SyncBegun, 'kind'>>;
}

const ROWS: readonly Row[] = [
  {
    given: 'the StatefulSet was deleted, though its pod is still seen',
    happens: () => bed.cluster.deleteStatefulSet(NODE),
    begun: { applies: true, marksReady: true, sidecar: 'ready' },
  },
  {
    given: 'the StatefulSet was deleted, and its pod has gone',
    happens: () => {
      bed.cluster.deleteStatefulSet(NODE);
      bed.cluster.settle();
    },
    begun: { applies: true, marksReady: true, sidecar: undefined },
  },
  {
    given: 'an impostor has its name',
    happens: () => replaceByImpostor(bed),
    begun: { applies: true, marksReady: true, sidecar: 'ready' },
  },
  {
    given: 'somebody has scaled it to zero, and the pod has gone',
    happens: () => {
      bed.cluster.editStatefulSet(NODE, { replicas: 0 });
      bed.cluster.settle();
    },
    begun: { applies: true, marksReady: true, sidecar: undefined },
  },
  {
    given: 'spec has changed in a way that asks for no roll',
    happens: () => bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } }),
    begun: { generation: 2, applies: true, marksReady: false, sidecar: 'ready' },
  },
  {
    given: 'the Service is missing',
    happens: () => bed.cluster.removeService(NODE),
    begun: { applies: true, marksReady: false, sidecar: 'ready' },
  },
  {
    given: 'the node is paused',
    happens: () => bed.cluster.editSpec(NODE, { paused: true }),
    begun: {
      generation: 2,
      target: { ...TO_V1, replicas: 0 },
      applies: true,
      marksReady: false,
      scalesDown: true,
      sidecar: undefined,
    },
  },
  {
    given: 'the sidecar has restarted inside its pod',
    happens: restartSidecar,
    begun: { applies: false, marksReady: true, sidecar: 'not-ready' },
  },
  {
    given: 'the sidecar cannot be reached',
    happens: () => bed.sidecar.unreachableNext(),
    begun: { applies: false, marksReady: false, sidecar: 'unreachable' },
  },
  {
    given: 'the pod runs an older template',
    happens: () => {
      bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } });
      return bed
        .run('applyStatefulSet', { ...BEGIN, target: TO_V1, generation: 2 })
        .then(() => bed.run('applyService', BEGIN))
        .then(() => bed.run('applyRbacProxyConfig', BEGIN))
        .then(() => bed.cluster.settle());
    },
    begun: { generation: 2, applies: false, marksReady: false, sidecar: 'ready' },
  },
];

describe('begin-sync', () => {
  it.each(ROWS)('begins where $given', async ({ happens, begun }) => {
    await happens();
    expect(await begin()).toMatchObject({ kind: 'begun', generation: 1, target: TO_V1, ...begun });
  });

  it.each<[string, () => unknown, object]>([
    ['nothing is to be done', () => undefined, { kind: 'nothing' }],
    ['a roll is due', () => bed.cluster.editSpec(NODE, { image: V2 }), { kind: 'nodeUpdate' }],
    ['the node was deleted', () => bed.cluster.deleteNode(NODE), { kind: 'nodeDelete' }],
    [
      'the node is held',
      () => bed.cluster.editStatus(NODE, { hold: { reason: 'r', actor: 'a', since: NOW } }),
      { kind: 'held' },
    ],
  ])('is not due, and writes nothing, where %s', async (_, happens, due) => {
    await happens();
    expect(await begin()).toMatchObject({ kind: 'not-due', due });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('records a lost sidecar before it is marked ready again, with an Event', async () => {
    restartSidecar();
    await begin();
    expect(findCondition(bed.node.status?.conditions, 'SidecarReady')).toMatchObject({
      status: 'False',
      reason: 'NotReady',
    });
    expect(bed.cluster.events.at(-1)).toMatchObject({
      type: 'Warning',
      reason: 'SidecarReadinessLost',
    });
  });

  it('hands on what the node is stalled for', async () => {
    const stall = { reason: 'ImagePullBackOff', message: 'denied' } as const;
    await bed.run('recordStall', { ...PLAN, trouble: stall });
    expect(await begin()).toMatchObject({ kind: 'begun', stall });
  });

  it('writes nothing in any other case: what is found needs no plan', async () => {
    bed.cluster.editSpec(NODE, { paused: true });
    await begin();
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('believes no cache: neither what it shows nor what it does not', async () => {
    bed.cluster.cache.freeze();
    bed.cluster.deleteStatefulSet(NODE);
    expect(await begin()).toMatchObject({ kind: 'begun', applies: true });
    bed.cluster.cache.thaw();
    bed.cluster.cache.freeze();
    await bed.run('applyStatefulSet', { ...BEGIN, target: TO_V1, generation: 1 });
    await bed.run('applyStatefulSet', { ...BEGIN, target: TO_V1, generation: 1 });
    // There is a StatefulSet now, and its pod has yet to be made.
    expect(await begin()).toMatchObject({ kind: 'begun', applies: false, marksReady: true });
    expect(findCondition(bed.node.status?.conditions, 'Ready')?.reason).toBe('PodMissing');
  });

  it('touches nothing of a held node, and lets its pod through', async () => {
    await bed.run('steer', {
      ...PLAN,
      command: { kind: 'pause', actor: 'a', reason: 'r' },
      by: 'somebody',
    });
    bed.cluster.editSpec(NODE, { podLabels: { a: 'b' }, image: V2 });
    restartSidecar();
    expect(await begin()).toMatchObject({ kind: 'begun', applies: false, marksReady: true });
  });

  it('waits under a hold for no pod that nobody may make', async () => {
    bed.cluster.editStatefulSet(NODE, { replicas: 0 });
    bed.cluster.settle();
    bed.cluster.editStatus(NODE, { hold: { reason: 'r', actor: 'a', since: NOW } });
    bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } });
    expect(await begin()).toMatchObject({ kind: 'begun', applies: false, marksReady: false });
  });

  it('lets no bring-up through under a hold, whose tasks the sidecar has yet to do', async () => {
    bed.cluster.editStatus(NODE, {
      phase: 'Initializing',
      hold: { reason: 'r', actor: 'a', since: NOW },
    });
    bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } });
    expect(await begin()).toMatchObject({ kind: 'begun', applies: false, marksReady: false });
  });

  it('ends where the node is gone or is another one', async () => {
    const another = { ...BEGIN, node: { ...NODE, uid: 'another' } };
    expect(await bed.run('beginSync', another)).toEqual({ kind: 'gone' });
    bed.cluster.removeNode(NODE);
    expect(await begin()).toEqual({ kind: 'gone' });
  });
});

describe('begin-sync of a node that is paused', () => {
  beforeEach(async () => {
    bed.cluster.editSpec(NODE, { paused: true });
    await bed.run('finishSync', { ...PLAN, sidecar: undefined });
    bed.cluster.editStatefulSet(NODE, { replicas: 0 });
    const paused = { type: 'Paused', status: 'True', reason: 'Paused', message: '' } as const;
    bed.cluster.editStatus(NODE, { conditions: [{ ...paused, lastTransitionTime: NOW }] });
  });

  it('scales down a node that is said to be paused while a pod of it is there', async () => {
    expect(await begin()).toMatchObject({ kind: 'begun', scalesDown: true });
    bed.cluster.settle();
    bed.cluster.requests.clear();
    const begun = await begin();
    expect(begun.kind === 'not-due' ? begun.due.kind : begun).not.toBe('nodeSync');
  });

  it('scales none down that has failed, which a pause has no effect on', async () => {
    bed.cluster.editStatus(NODE, { phase: 'Failed', observedGeneration: 1 });
    expect(await begin()).toMatchObject({ kind: 'begun', scalesDown: false });
  });
});

describe('begin-sync of a node that is paused at its birth', () => {
  beforeEach(() => {
    bed = new ActivityBed();
    bed.cluster.createNode(seiNode({ spec: { paused: true } }));
  });

  it('has nothing to apply, nor anything to mark ready', async () => {
    expect(await begin()).toMatchObject({ kind: 'begun', applies: false, marksReady: false });
  });

  it('makes no objects only to see that what held it back is over', async () => {
    const stalled = { type: 'Stalled', status: 'True', reason: 'R', message: '' } as const;
    const conditions = [{ ...stalled, lastTransitionTime: NOW }];
    bed.cluster.editStatus(NODE, { conditions });
    expect(await begin()).toMatchObject({ kind: 'begun', applies: false });
  });
});

it('takes back that a node is paused before anything may give it a pod', async () => {
  bed = await unpausedBed();
  const before = bed.cluster.events.length;
  expect(await begin()).toMatchObject({ kind: 'begun', applies: true });
  const conditions = bed.node.status?.conditions;
  expect(findCondition(conditions, 'Paused')).toMatchObject({ reason: 'NotPaused' });
  expect(findCondition(conditions, 'Ready')).toMatchObject({ reason: 'PodMissing' });
  expect(bed.cluster.events.slice(before).map(({ reason }) => reason)).toEqual(['Unpaused']);
  // What is due is found again by an attempt that follows one which died here.
  expect(await begin()).toMatchObject({ kind: 'begun', applies: true });
});
