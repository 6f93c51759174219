import { CancelledFailure } from '@temporalio/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { RunSidecarTaskInput } from '../../activities/contract/sidecar-round.ts';
import { createRunSidecarTask } from '../../activities/run-sidecar-task.ts';
import type { IdentifiedTask } from '../../domain/identified-tasks.ts';
import { startedInit } from '../../domain/init-lifecycle.ts';
import type { SeiNode } from '../../domain/sei-node.ts';
import type { PlannedTask } from '../../domain/sidecar-plan.ts';
import { initSteps } from '../../domain/step.ts';
import { eventually } from '../support/eventually.ts';
import { identified } from '../support/identified.ts';
import { EARLIER, NODE, NOW, pod, seiNode, V2 } from '../support/sei-node.ts';
import { POD, ROUND, TASK_ID, TaskSidecar } from './task-sidecar.ts';

const task = identified({ type: 'config-apply', params: { mode: 'full' }, retries: 0 }, TASK_ID);
const INPUT: RunSidecarTaskInput = { ...ROUND, task, failedRun: undefined };

let sidecar: TaskSidecar;
beforeEach(async () => {
  sidecar = await TaskSidecar.open();
  sidecar.hasTask = false;
  sidecar.node = bringingUp(task);
});
afterEach(() => sidecar.close());

/** A node whose bring-up has recorded that the sidecar has these tasks to do. */
function bringingUp(...tasks: IdentifiedTask[]): SeiNode {
  const { target, planId, statefulSet } = ROUND;
  const steps = initSteps(tasks.map(({ type }) => type));
  const start = { planId, workflowId: 'w', target, steps, tasks };
  const node = seiNode({ status: { statefulSet: { name: NODE.name, uid: statefulSet.uid } } });
  return { ...node, status: startedInit(node, start, NOW) };
}

const run = (attempt?: number, input = INPUT) =>
  sidecar.run(createRunSidecarTask(sidecar.deps), input, attempt);

describe('run-sidecar-task', () => {
  it('submits the task with its parameters under the id of the workflow', async () => {
    expect(await run()).toEqual({ kind: 'done' });
    expect(sidecar.submissions).toEqual([
      { id: TASK_ID, type: 'config-apply', params: { mode: 'full' } },
    ]);
  });

  it('waits until the task is done, and says how far it is', async () => {
    sidecar.script = { tasks: ['running', 'running', 'completed'] };
    expect(await run()).toEqual({ kind: 'done' });
    expect(sidecar.heartbeats).toContain(`task ${TASK_ID} is running`);
    expect(sidecar.submissions).toHaveLength(1);
  });

  it('records the step as complete', async () => {
    await run();
    expect(sidecar.node.status?.plan?.tasks).toContainEqual({
      type: 'config-apply',
      status: 'Complete',
      id: TASK_ID,
      params: { mode: 'full' },
    });
    expect(sidecar.node.status?.plan?.tasks.at(-1)).toMatchObject({ status: 'Pending' });
  });

  it('reports why the task failed, and records nothing', async () => {
    sidecar.script = { tasks: ['running', 'failed'], error: 'unknown field "evm.port"' };
    const before = sidecar.node;
    expect(await run()).toEqual({
      kind: 'task-failed',
      error: 'unknown field "evm.port"',
      run: 1,
    });
    expect(sidecar.node).toBe(before);
  });

  it('finds a task forgotten that the sidecar does not know any more', async () => {
    sidecar.script = { tasks: ['running', 'unknown'] };
    expect(await run()).toEqual({ kind: 'forgotten' });
  });

  it('tells a refusal from an outage', async () => {
    sidecar.script = { submit: [400, { error: 'unknown task type: config-apply' }] };
    const message = `the sidecar of pod ${POD.name} answered 400 to task config-apply: unknown task type: config-apply`;
    expect(await run()).toEqual({ kind: 'refused', error: message });
    sidecar.hasTask = true;
    sidecar.script = { submit: [502, {}], tasks: ['unknown'], letThrough: false };
    const environment = sidecar.environment();
    const outage = environment.run(createRunSidecarTask(sidecar.deps), INPUT);
    await eventually('it is asked again', () =>
      sidecar.heartbeats.some((beat) => beat.includes('answered 502')),
    );
    environment.cancel();
    await expect(outage).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('does not run a task again that failed while nobody could ask for it', async () => {
    sidecar.script = { tasks: ['running', 'running', 'failed'], breaksAt: [1], error: 'disk full' };
    expect(await run()).toEqual({ kind: 'task-failed', error: 'disk full', run: 1 });
    expect(sidecar.submissions).toHaveLength(1);
  });

  it('submits again what did not arrive', async () => {
    expect(await run(2)).toEqual({ kind: 'done' });
    expect(sidecar.submissions).toHaveLength(1);
  });

  it.each([
    ['runs', { tasks: ['running', 'completed'] }, { kind: 'done' }],
    ['is done', { tasks: ['completed'] }, { kind: 'done' }],
    [
      'has failed',
      { tasks: ['failed'] },
      { kind: 'task-failed', error: 'no reason given', run: 1 },
    ],
  ] as const)('submits nothing that another run began and that %s', async (_, script, end) => {
    sidecar.hasTask = true;
    sidecar.script = script;
    expect(await run()).toEqual(end);
    expect(sidecar.submissions).toEqual([]);
  });

  it('begins a task again whose failure the workflow has counted, and hears of the next', async () => {
    sidecar.hasTask = true;
    sidecar.script = { tasks: ['failed', 'completed'], letThrough: false };
    expect(await run(1, { ...INPUT, failedRun: 1 })).toEqual({ kind: 'done' });
    expect(sidecar.submissions).toHaveLength(1);
    sidecar.script = { tasks: ['failed'], runs: 2 };
    expect(await run(1, { ...INPUT, failedRun: 1 })).toMatchObject({ kind: 'task-failed', run: 2 });
    expect(sidecar.submissions).toHaveLength(1);
  });

  it('begins nothing beside a task of an earlier spec', async () => {
    const running: string[] = ['task-0'];
    sidecar.script = { running };
    sidecar.node = bringingUp({ ...task, after: ['task-0'] });
    const ending = run();
    const said = 'waiting for task task-0 of an earlier spec';
    await eventually('it waits', () => sidecar.heartbeats.includes(said));
    expect(sidecar.submissions).toEqual([]);
    running.pop();
    expect(await ending).toEqual({ kind: 'done' });
    expect(sidecar.submissions).toHaveLength(1);
  });

  it('begins nothing beside a seid that has been let through', async () => {
    sidecar.script = { letThrough: true };
    expect(await run()).toEqual({ kind: 'let-through' });
    expect(sidecar.submissions).toEqual([]);
  });

  it.each([
    ['was replaced', [pod({ uid: 'another' })]],
    ['is being deleted', [{ ...POD, deletionTimestamp: EARLIER }]],
  ])('asks nobody when the pod %s', async (_, pods) => {
    sidecar.pods = pods;
    expect(await run()).toEqual({ kind: 'pod-lost' });
    expect(sidecar.submissions).toEqual([]);
  });

  it('stops waiting when the pod is replaced', async () => {
    sidecar.script = { tasks: ['running'] };
    const running = run();
    await eventually('it waits', () => sidecar.heartbeats.includes(`task ${TASK_ID} is running`));
    sidecar.pods = [];
    expect(await running).toEqual({ kind: 'pod-lost' });
  });

  it('stops waiting when the node wants another image', async () => {
    sidecar.script = { tasks: ['running'] };
    const running = run();
    await eventually('it waits', () => sidecar.heartbeats.includes(`task ${TASK_ID} is running`));
    sidecar.node = seiNode({ metadata: { generation: 2 }, spec: { image: V2 } });
    expect(await running).toEqual({ kind: 'superseded' });
  });

  it.each([
    ['the task runs', { tasks: ['running'] }],
    ['the sidecar hangs', { hangs: true }],
  ] as const)('is cancelled as such while %s', async (_, script) => {
    sidecar.script = script;
    const environment = sidecar.environment();
    const running = environment.run(createRunSidecarTask(sidecar.deps), INPUT);
    await eventually('it has asked the sidecar', () => sidecar.calls > 0);
    environment.cancel();
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  });

  it.each([
    ['parameters', { params: { mode: 'archive', overrides: { evil: 'yes' } } }],
    ['what it waits for', { after: ['somebody-elses'] }],
    ['a budget', { retries: 1_000_000 }],
  ])('takes nothing but the name of the task from its input: not %s', async (_, forged) => {
    await run(1, { ...INPUT, task: { ...task, ...forged } });
    expect(sidecar.submissions).toEqual([
      { id: TASK_ID, type: 'config-apply', params: { mode: 'full' } },
    ]);
  });

  it.each([
    ['of a type that the plan has not', { ...INPUT, task: identified(RESTORE, TASK_ID) }],
    ['under an id that the plan has not', { ...INPUT, taskId: 'another' }],
    ['under another plan', { ...INPUT, planId: 'another' }],
  ])('begins no task %s', async (_, input) => {
    expect(await run(1, input)).toEqual({ kind: 'superseded' });
    expect(sidecar.calls).toBe(0);
  });

  it('begins no task before those that come first', async () => {
    sidecar.node = bringingUp(identified(RESTORE), task);
    expect(await run()).toEqual({ kind: 'superseded' });
    expect(sidecar.calls).toBe(0);
  });
});

const RESTORE = {
  type: 'snapshot-restore',
  params: { targetHeight: 7 },
  retries: 0,
} as const satisfies PlannedTask;
