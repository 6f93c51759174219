import { CancelledFailure } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';

import type {
  RunSidecarTaskInput,
  RunSidecarTaskResult,
} from '../../activities/contract/sidecar-round.ts';
import { createRunSidecarTask } from '../../activities/run-sidecar-task.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { initSteps } from '../../domain/node/step.ts';
import type { IdentifiedTask } from '../../domain/sidecar/identified-tasks.ts';
import type { PlannedTask } from '../../domain/sidecar/sidecar-plan.ts';
import { startedInit } from '../../domain/work/init-lifecycle.ts';
import { SidecarError } from '../../sidecar/sidecar-error.ts';
import type { FakeSidecar } from '../support/cluster/fake-sidecar.ts';
import { COMPLETES, KEEPS_RUNNING } from '../support/cluster/fake-sidecar.ts';
import { eventually } from '../support/eventually.ts';
import { identified } from '../support/identified.ts';
import { EARLIER, NODE, NOW, pod, seiNode, V2 } from '../support/sei-node.ts';
import { POD, ROUND, TASK_ID, TaskBed } from './task-bed.ts';

const task = identified({ type: 'config-apply', params: { mode: 'full' }, retries: 0 }, TASK_ID);
const INPUT: RunSidecarTaskInput = { ...ROUND, task, failedRun: undefined };

let bed: TaskBed;
beforeEach(() => {
  bed = new TaskBed();
  bed.node = bringingUp(task);
});

/** A node whose bring-up has recorded that the sidecar has these tasks to do. */
function bringingUp(...tasks: IdentifiedTask[]): SeiNode {
  const { target, planId, statefulSet } = ROUND;
  const steps = initSteps(tasks.map(({ type }) => type));
  const start = { planId, workflowId: 'w', target, steps, tasks };
  const node = seiNode({ status: { statefulSet: { name: NODE.name, uid: statefulSet.uid } } });
  return { ...node, status: startedInit(node, start, NOW) };
}

const run = (attempt?: number, input = INPUT) =>
  bed.run(createRunSidecarTask(bed.deps), input, attempt);

/** Before it is submitted, the sidecar is asked for the task once. */
const SUBMITTED = 1;
const fails = (error: string) => ({ durationMs: 0, error });

describe('run-sidecar-task', () => {
  it('submits the task with its parameters under the id of the workflow', async () => {
    expect(await run()).toEqual({ kind: 'done' });
    expect(bed.sidecar.submissions).toEqual([
      { id: TASK_ID, type: 'config-apply', params: { mode: 'full' } },
    ]);
  });

  it('waits until the task is done, and says how far it is', async () => {
    bed.endAtQuestion(SUBMITTED + 3, COMPLETES);
    expect(await run()).toEqual({ kind: 'done' });
    expect(bed.heartbeats).toContain(`task ${TASK_ID} is running`);
    expect(bed.sidecar.submissions).toHaveLength(1);
  });

  it('records the step as complete', async () => {
    await run();
    expect(bed.node.status?.plan?.tasks).toContainEqual({
      type: 'config-apply',
      status: 'Complete',
      id: TASK_ID,
      params: { mode: 'full' },
    });
    expect(bed.node.status?.plan?.tasks.at(-1)).toMatchObject({ status: 'Pending' });
  });

  it('reports why the task failed, and records nothing', async () => {
    bed.endAtQuestion(SUBMITTED + 2, fails('unknown field "evm.port"'));
    const before = bed.node;
    expect(await run()).toEqual({
      kind: 'task-failed',
      error: 'unknown field "evm.port"',
      run: 1,
    });
    expect(bed.node).toBe(before);
  });

  it('finds a task forgotten that the sidecar does not know any more', async () => {
    bed.sidecar.runOf = () => KEEPS_RUNNING;
    bed.atQuestion(SUBMITTED + 2, () => bed.sidecar.forgetTasks(NODE));
    expect(await run()).toEqual({ kind: 'forgotten' });
  });

  it('tells a refusal from an outage', async () => {
    const message = `the sidecar of pod ${POD.name} answered 400 to task config-apply: unknown task type: config-apply`;
    bed.sidecar.refuseNext('submitTask', new SidecarError({ kind: 'http', status: 400 }, message));
    expect(await run()).toEqual({ kind: 'refused', error: message });
    const proxy = new SidecarError({ kind: 'http', status: 502 }, 'the proxy answered 502');
    for (let nth = 0; nth < 50; nth += 1) bed.sidecar.refuseNext('submitTask', proxy);
    const environment = bed.environment();
    const outage = environment.run(createRunSidecarTask(bed.deps), INPUT);
    await eventually('it is asked again', () =>
      bed.heartbeats.some((beat) => beat.includes('answered 502')),
    );
    environment.cancel();
    await expect(outage).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('does not run a task again that failed while nobody could ask for it', async () => {
    const broken = new SidecarError({ kind: 'unreachable' }, 'the connection broke');
    bed.sidecar.runOf = () => KEEPS_RUNNING;
    bed.atQuestion(SUBMITTED + 1, () => undefined);
    bed.sidecar.refuseNext('getTask', broken);
    bed.atQuestion(1, () => bed.end(fails('disk full')));
    expect(await run()).toEqual({ kind: 'task-failed', error: 'disk full', run: 1 });
    expect(bed.sidecar.submissions).toHaveLength(1);
  });

  it('submits again what did not arrive', async () => {
    expect(await run(2)).toEqual({ kind: 'done' });
    expect(bed.sidecar.submissions).toHaveLength(1);
  });

  it.each<[string, () => void, RunSidecarTaskResult]>([
    ['runs', () => bed.endAtQuestion(SUBMITTED + 1, COMPLETES), { kind: 'done' }],
    ['is done', () => undefined, { kind: 'done' }],
    [
      'has failed',
      () => {
        const failed = { id: TASK_ID, type: task.type, status: 'failed', run: 1 } as const;
        for (let nth = 0; nth < 2; nth += 1) bed.sidecar.showNext({ ...failed, error: undefined });
      },
      { kind: 'task-failed', error: 'no reason given', run: 1 },
    ],
  ])('submits nothing that another run began and that %s', async (_, happens, end) => {
    happens();
    await bed.given(task.type);
    expect(await run()).toEqual(end);
    expect(bed.sidecar.submissions).toEqual([]);
  });

  it('begins a task again whose failure the workflow has counted, and hears of the next', async () => {
    bed.sidecar.runOf = () => fails('disk full');
    await bed.given(task.type);
    bed.sidecar.runOf = () => COMPLETES;
    expect(await run(1, { ...INPUT, failedRun: 1 })).toEqual({ kind: 'done' });
    expect(bed.sidecar.submissions).toHaveLength(1);
    bed.node = bringingUp(task);
    bed.sidecar.forgetTasks(NODE);
    bed.sidecar.runOf = () => fails('disk full');
    for (let runs = 0; runs < 2; runs += 1) await bed.given(task.type);
    expect(await run(1, { ...INPUT, failedRun: 1 })).toMatchObject({ kind: 'task-failed', run: 2 });
    expect(bed.sidecar.submissions).toEqual([]);
  });

  it('begins nothing beside a task of an earlier spec', async () => {
    bed.sidecar.runOf = () => KEEPS_RUNNING;
    await bed.given(task.type, 'task-0');
    bed.node = bringingUp({ ...task, after: ['task-0'] });
    const ending = run();
    const said = 'waiting for task task-0 of an earlier spec';
    await eventually('it waits', () => bed.heartbeats.includes(said));
    expect(bed.sidecar.submissions).toEqual([]);
    bed.end(COMPLETES);
    expect(await ending).toEqual({ kind: 'done' });
    expect(bed.sidecar.submissions).toHaveLength(1);
  });

  it('begins nothing beside a seid that has been let through', async () => {
    await bed.given('mark-ready', 'another');
    expect(await run()).toEqual({ kind: 'let-through' });
    expect(bed.sidecar.submissions).toEqual([]);
  });

  it.each([
    ['was replaced', [pod({ uid: 'another' })]],
    ['is being deleted', [{ ...POD, deletionTimestamp: EARLIER }]],
  ])('asks nobody when the pod %s', async (_, pods) => {
    bed.pods = pods;
    expect(await run()).toEqual({ kind: 'pod-lost' });
    expect(bed.sidecar.submissions).toEqual([]);
  });

  it('stops waiting when the pod is replaced', async () => {
    bed.sidecar.runOf = () => KEEPS_RUNNING;
    const running = run();
    await eventually('it waits', () => bed.heartbeats.includes(`task ${TASK_ID} is running`));
    bed.pods = [];
    expect(await running).toEqual({ kind: 'pod-lost' });
  });

  it('stops waiting when the node wants another image', async () => {
    bed.sidecar.runOf = () => KEEPS_RUNNING;
    const running = run();
    await eventually('it waits', () => bed.heartbeats.includes(`task ${TASK_ID} is running`));
    bed.node = seiNode({ metadata: { generation: 2 }, spec: { image: V2 } });
    expect(await running).toEqual({ kind: 'superseded' });
  });

  it.each<[string, (sidecar: FakeSidecar) => void]>([
    ['the task runs', (sidecar) => (sidecar.runOf = () => KEEPS_RUNNING)],
    ['the sidecar hangs', (sidecar) => sidecar.hangNext('getTask')],
  ])('is cancelled as such while %s', async (_, happens) => {
    happens(bed.sidecar);
    const environment = bed.environment();
    const running = environment.run(createRunSidecarTask(bed.deps), INPUT);
    await eventually('it has asked the sidecar', () => bed.sidecar.calls.length > 0);
    environment.cancel();
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  });

  it.each([
    ['parameters', { params: { mode: 'archive', overrides: { evil: 'yes' } } }],
    ['what it waits for', { after: ['somebody-elses'] }],
    ['a budget', { retries: 1_000_000 }],
  ])('takes nothing but the name of the task from its input: not %s', async (_, forged) => {
    await run(1, { ...INPUT, task: { ...task, ...forged } });
    expect(bed.sidecar.submissions).toEqual([
      { id: TASK_ID, type: 'config-apply', params: { mode: 'full' } },
    ]);
  });

  it.each([
    ['of a type that the plan has not', { ...INPUT, task: identified(RESTORE, TASK_ID) }],
    ['under an id that the plan has not', { ...INPUT, taskId: 'another' }],
    ['under another plan', { ...INPUT, planId: 'another' }],
  ])('begins no task %s', async (_, input) => {
    expect(await run(1, input)).toEqual({ kind: 'superseded' });
    expect(bed.sidecar.calls).toEqual([]);
  });

  it('begins no task before those that come first', async () => {
    bed.node = bringingUp(identified(RESTORE), task);
    expect(await run()).toEqual({ kind: 'superseded' });
    expect(bed.sidecar.calls).toEqual([]);
  });
});

const RESTORE = {
  type: 'snapshot-restore',
  params: { targetHeight: 7 },
  retries: 0,
} as const satisfies PlannedTask;
