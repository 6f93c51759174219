import { beforeEach, describe, expect, it } from 'vitest';

import { FINALIZER } from '../../domain/node/sei-node.ts';
import { initSteps, TAKE_OVER_STEPS } from '../../domain/node/step.ts';
import { foreignNode, NODE, plan, seiNode, V1, V2 } from '../support/sei-node.ts';
import {
  ActivityBed,
  BEGIN,
  driftedBed,
  foreignBed,
  NEW_TASK_IDS,
  PLAN,
  runningBed,
  TO_V1,
} from './activity-bed.ts';

let bed: ActivityBed;

beforeEach(() => {
  bed = new ActivityBed();
});

const otherIds = { ...NEW_TASK_IDS, 'config-apply': 'config-2', 'config-validate': 'validate-2' };

const steps = () => bed.node.status?.plan?.tasks.map(({ type }) => type);

describe('begin-init', () => {
  it('begins the bring-up of a new node, and holds it back from then on', async () => {
    bed.cluster.createNode(seiNode());
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({
      kind: 'begun',
      generation: 1,
      target: TO_V1,
      previousImage: undefined,
      policy: { deadlineSeconds: 600, autoRollback: false },
    });
    expect(bed.cluster.requests.all.map(({ method }) => method)).toEqual([
      'listPods',
      'patchNodeStatus',
      'getNode',
      'patchNodeFinalizers',
      'getOwnedObjects',
      'getPersistentVolumeClaim',
    ]);
    expect(bed.node.metadata.finalizers).toEqual([FINALIZER]);
    expect(bed.node.status).toMatchObject({ phase: 'Initializing', observedGeneration: 1 });
    expect(steps()).toEqual(initSteps(['configure-genesis', 'config-apply', 'config-validate']));
  });

  it('hands on what the bring-up under way is stalled for', async () => {
    const stall = { reason: 'ImagePullBackOff', message: 'denied' } as const;
    bed.cluster.createNode(seiNode());
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({ stall: undefined });
    await bed.run('recordStall', { ...PLAN, trouble: stall });
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({ kind: 'begun', stall });
  });

  it('records the ids of the tasks before any of them is submitted', async () => {
    bed.cluster.createNode(seiNode());
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({
      tasks: [{ id: 'genesis-1' }, { id: 'config-1' }, { id: 'validate-1' }],
    });
    expect(bed.node.status?.plan?.tasks).toContainEqual({
      type: 'config-apply',
      status: 'Pending',
      id: 'config-1',
      params: { mode: 'full', incremental: false, targetVersion: 0 },
    });
  });

  it('goes on under the ids that an earlier run has recorded', async () => {
    bed.cluster.createNode(seiNode());
    await bed.run('beginInit', BEGIN);
    const again = { ...BEGIN, planId: 'plan-2', newTaskIds: otherIds };
    expect(await bed.run('beginInit', again)).toMatchObject({
      tasks: [{ id: 'genesis-1' }, { id: 'config-1' }, { id: 'validate-1' }],
    });
  });

  it('gives new ids from the first task on that the changed spec changes', async () => {
    bed.cluster.createNode(seiNode());
    await bed.run('beginInit', BEGIN);
    bed.cluster.editSpec(NODE, { overrides: { 'evm.http_port': '1' } });
    expect(await bed.run('beginInit', { ...BEGIN, newTaskIds: otherIds })).toMatchObject({
      tasks: [{ id: 'genesis-1' }, { id: 'config-2', after: ['config-1'] }, { id: 'validate-2' }],
    });
  });

  it('takes a node over whose seid has been let through, though its status is lost', async () => {
    bed = await runningBed();
    bed.cluster.removeNode(NODE);
    bed.cluster.createNode(seiNode());
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({ kind: 'taking-over' });
    expect(bed.node.status?.phase).toBeUndefined();
    expect(steps()).toEqual(TAKE_OVER_STEPS);
  });

  it('brings a node up whose pod has started and waits for its gate', async () => {
    bed = await runningBed();
    bed.cluster.removeNode(NODE);
    bed.cluster.createNode(seiNode());
    bed.sidecar.restart(bed.cluster.pods(NODE)[0]?.ip ?? '');
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({ kind: 'begun' });
  });

  it('takes over a node that another operator runs, and leaves it Running', async () => {
    bed.cluster.createNode(foreignNode({ status: { plan: plan({ id: 'left-behind' }) } }));
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({
      kind: 'taking-over',
      previousImage: V1,
    });
    expect(bed.node.status).toMatchObject({ phase: 'Running', plan: { id: 'plan-1' } });
    expect(steps()).toEqual(TAKE_OVER_STEPS);
  });

  it('says whether the pod of a node that is taken over waits for its gate', async () => {
    bed = await foreignBed();
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({ marksReady: false });
    bed.sidecar.restart(bed.cluster.pods(NODE)[0]?.ip ?? '');
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({ marksReady: true });
  });

  it('goes on with a take-over that was cut off, under a plan of its own', async () => {
    bed.cluster.createNode(foreignNode());
    await bed.run('beginInit', BEGIN);
    expect(await bed.run('beginInit', { ...BEGIN, planId: 'plan-2' })).toMatchObject({
      kind: 'taking-over',
    });
    expect(bed.node.status?.plan?.id).toBe('plan-2');
  });

  it('finds nothing to do for a node that is up', async () => {
    bed = await runningBed();
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({
      kind: 'not-due',
      due: { kind: 'nothing' },
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('says that an update is due for a node that is up and has drifted', async () => {
    bed = await driftedBed();
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({
      kind: 'not-due',
      due: { kind: 'nodeUpdate', target: { image: V2 } },
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('brings nothing up that only its cache still shows as new', async () => {
    bed.cluster.createNode(seiNode());
    bed.cluster.cache.freeze();
    const { status = {} } = foreignNode();
    bed.cluster.editStatus(NODE, { ...status, observedGeneration: 1 });
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({ kind: 'not-due' });
    expect(bed.node.status?.phase).toBe('Running');
  });

  it('ends where the node is gone or is another one', async () => {
    expect(await bed.run('beginInit', BEGIN)).toEqual({ kind: 'gone' });
    bed.cluster.createNode(seiNode({ metadata: { uid: 'another' } }));
    expect(await bed.run('beginInit', BEGIN)).toEqual({ kind: 'gone' });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});
