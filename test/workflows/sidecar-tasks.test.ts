import { ApplicationFailure } from '@temporalio/common';
import { describe, expect } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type {
  RunSidecarTaskInput,
  RunSidecarTaskResult,
} from '../../activities/contract/sidecar-round.ts';
import { FailureType } from '../../domain/failure/failure-type.ts';
import type { Hold } from '../../domain/node/sei-node-status.ts';
import type { IdentifiedTask } from '../../domain/sidecar/identified-tasks.ts';
import type { PlannedTask } from '../../domain/sidecar/sidecar-plan.ts';
import type { DueWork } from '../../domain/work/due-work.ts';
import { eventually } from '../support/eventually.ts';
import { identified } from '../support/identified.ts';
import {
  BEGUN,
  NOTHING_DUE,
  podRunning,
  waitsUntilCancelled,
} from '../support/workflow/fake-activities.ts';
import type { WorkflowHarness } from '../support/workflow/workflow-harness.ts';
import type { StartWorkers } from '../support/workflow/workflow-test.ts';
import { workflowTest } from '../support/workflow/workflow-test.ts';

const it = workflowTest;

const GENESIS: PlannedTask = { type: 'configure-genesis', retries: 1 };
const CONFIG: PlannedTask = { type: 'config-apply', params: { mode: 'full' }, retries: 0 };
const PEERS: PlannedTask = { type: 'discover-peers', params: { sources: [] }, retries: 20 };
const VALIDATE: PlannedTask = { type: 'config-validate', retries: 0 };
const FAILED: DueWork = { kind: 'failed', why: 'the node is in phase Failed' };

/** A node whose phase and spec live outside the run, and whose sidecar does as the test says. */
class InitNode {
  generation = 2;
  tasks: readonly PlannedTask[] = [GENESIS, CONFIG, PEERS, VALIDATE];
  /** The generation at which the bring-up was given up. */
  failedAt: number | undefined;
  hold: Hold | undefined;
  isDeleted = false;
  readonly submitted: RunSidecarTaskInput[] = [];
  readonly ids = new Map<string, string>();
  readonly stalls: (string | undefined)[] = [];
  readonly failures: unknown[] = [];
  readonly steered: string[] = [];
  answer: (input: RunSidecarTaskInput) => Promise<RunSidecarTaskResult> = async () => ({
    kind: 'done',
  });

  readonly activities: Partial<NodeActivities> = {
    beginInit: async () => {
      const { hold, generation, tasks, isDeleted } = this;
      if (isDeleted) return { kind: 'not-due', due: { kind: 'nodeDelete' } };
      if (hold !== undefined) return { kind: 'not-due', due: { kind: 'held', hold } };
      if (this.failedAt === generation) return { kind: 'not-due', due: FAILED };
      this.failedAt = undefined;
      return { ...BEGUN, generation, tasks: this.identified(tasks) };
    },
    runSidecarTask: async (input) => {
      this.submitted.push(input);
      return this.answer(input);
    },
    recordStall: async ({ trouble }) => void this.stalls.push(trouble?.message),
    failInit: async ({ failure, generation }) => {
      this.failures.push(failure);
      this.failedAt = generation;
    },
    steer: async ({ command }) => {
      this.steered.push(`${command.kind} by ${command.actor}`);
      const { reason, actor } = command;
      if (command.kind === 'pause') this.hold = { reason, actor, since: '2026-01-01T00:00:00Z' };
      if (command.kind === 'resume') this.hold = undefined;
      if (command.kind === 'retry') this.failedAt = undefined;
      return { kind: 'done', message: command.kind };
    },
    readTarget: async () => ({ generation: this.generation, target: BEGUN.target }),
    decideDueWork: async () => {
      if (this.isDeleted) return { kind: 'nodeDelete' };
      return this.failedAt === this.generation ? FAILED : { kind: 'nodeInit', why: 'it is due' };
    },
  };

  /** As status does: ids belong to the tasks, and change with the parameters. */
  private identified(tasks: readonly PlannedTask[]): readonly IdentifiedTask[] {
    return tasks.map((task) => {
      const content = JSON.stringify([task.type, task.params]);
      const id = this.ids.get(content) ?? `${task.type}-${this.ids.size}`;
      this.ids.set(content, id);
      return identified(task, id);
    });
  }

  /** The types in the order in which they were submitted. */
  get types(): readonly string[] {
    return this.submitted.map(({ task }) => task.type);
  }

  idsOf(type: string): readonly string[] {
    return this.submitted.filter(({ task }) => task.type === type).map(({ taskId }) => taskId);
  }
}

/** An activity that waits, also beyond a cancellation that nobody asked for. */
async function waitsUntilDone(isDone: () => boolean): Promise<RunSidecarTaskResult> {
  await Promise.race([eventually('the test lets it end', isDone), waitsUntilCancelled()]);
  return { kind: 'done' };
}

const waitsFor = async (harness: WorkflowHarness, text: string) =>
  (await harness.progress()).waitingFor?.includes(text) === true;

const failing =
  (type: string, error = 'no peers') =>
  async ({ task }: RunSidecarTaskInput): Promise<RunSidecarTaskResult> =>
    task.type === type ? { kind: 'task-failed', error } : { kind: 'done' };

describe('the tasks of a bring-up', () => {
  it('run one after the other, between observe-image and mark-ready', async ({ start }) => {
    const node = new InitNode();
    const { fakes, harness } = await start(node.activities);
    await (await harness.observe('nodeInit')).result();
    expect(fakes.calls.slice(-7)).toEqual([
      'observeImage',
      'runSidecarTask',
      'runSidecarTask',
      'runSidecarTask',
      'runSidecarTask',
      'markReady',
      'finishInit',
    ]);
    expect(node.submitted.map(({ task }) => task)).toMatchObject(node.tasks);
    expect(new Set(node.submitted.map(({ taskId }) => taskId)).size).toBe(4);
  });

  it('show in the Web UI under their own names', async ({ start }) => {
    const { harness } = await start(new InitNode().activities);
    const run = await harness.observe('nodeInit');
    await run.result();
    const { events } = await run.fetchHistory();
    const summaries = (events ?? [])
      .filter((event) => event.activityTaskScheduledEventAttributes)
      .map((event) => String(Buffer.from(event.userMetadata?.summary?.data ?? [])));
    expect(summaries.slice(-6)).toEqual(
      ['configure-genesis', 'config-apply', 'discover-peers', 'config-validate']
        .concat('mark-ready', 'finish')
        .map((step) => JSON.stringify(step)),
    );
  });

  it('begin again after a failure and its back-off, and show a stall meanwhile', async ({
    start,
  }) => {
    const node = new InitNode();
    let failures = 0;
    node.answer = async ({ task }) => {
      if (task.type !== 'configure-genesis' || failures > 0) return { kind: 'done' };
      failures += 1;
      return { kind: 'task-failed', error: 'no genesis yet', run: 3 };
    };
    const { harness } = await start(node.activities);
    const run = await harness.observe('nodeInit');
    await eventually('it backs off', () => waitsFor(harness, 'retry 1 of 1 in 10 s'));
    expect((await harness.progress()).lastError).toBe('configure-genesis: no genesis yet');
    await run.result();
    const tries = node.submitted.filter(({ task }) => task.type === 'configure-genesis');
    expect(tries.map(({ failedRun }) => failedRun)).toEqual([undefined, 3]);
    expect(new Set(node.idsOf('configure-genesis')).size).toBe(1);
    expect(node.stalls).toEqual(['configure-genesis: no genesis yet', undefined]);
    expect(node.failures).toEqual([]);
  });

  it('start over on another pod, whose sidecar answers for completed tasks under their old ids', async ({
    start,
  }) => {
    const node = new InitNode();
    let losses = 0;
    node.answer = async ({ task }) => {
      if (task.type !== 'discover-peers' || losses > 0) return { kind: 'done' };
      losses += 1;
      return { kind: 'pod-lost' };
    };
    let pods = 0;
    const { fakes, harness } = await start({
      ...node.activities,
      observeImage: async (input) => {
        pods += 1;
        return { kind: 'complete', pod: { ...podRunning(input), uid: `pod-${pods}` } };
      },
    });
    await (await harness.observe('nodeInit')).result();
    expect(fakes.countOf('observeImage')).toBe(2);
    expect(node.submitted.map(({ pod, task }) => `${pod.uid} ${task.type}`)).toEqual([
      'pod-1 configure-genesis',
      'pod-1 config-apply',
      'pod-1 discover-peers',
      'pod-2 configure-genesis',
      'pod-2 config-apply',
      'pod-2 discover-peers',
      'pod-2 config-validate',
    ]);
    for (const type of ['configure-genesis', 'config-apply', 'discover-peers']) {
      expect(new Set(node.idsOf(type)).size).toBe(1);
    }
  });

  it('are submitted again, under the ids on status, when the sidecar has forgotten them', async ({
    start,
  }) => {
    const node = new InitNode();
    const ends: RunSidecarTaskResult[] = [{ kind: 'forgotten' }];
    node.answer = async () => ends.shift() ?? { kind: 'done' };
    const { harness } = await start(node.activities);
    await (await harness.observe('nodeInit')).result();
    expect(node.idsOf('configure-genesis')).toHaveLength(2);
    expect(new Set(node.idsOf('configure-genesis')).size).toBe(1);
    expect(node.stalls).toEqual([]);
  });

  it('go on under the same id after a pause, and none begins twice', async ({ start }) => {
    const node = new InitNode();
    let waits = 0;
    node.answer = async ({ task }) => {
      if (task.type !== 'discover-peers' || waits > 0) return { kind: 'done' };
      waits += 1;
      return waitsUntilCancelled();
    };
    const { harness } = await start(node.activities);
    const run = await harness.observe('nodeInit');
    await eventually('it waits for peers', () => waits > 0);
    await run.executeUpdate('pause');
    await eventually('it is held', async () => (await harness.progress()).held);
    await run.executeUpdate('resume');
    await run.result();
    expect(node.idsOf('discover-peers')).toHaveLength(2);
    expect(new Set(node.idsOf('discover-peers')).size).toBe(1);
  });

  it('are those of the newer spec as soon as it is changed, without waiting for the retry', async ({
    start,
  }) => {
    const node = new InitNode();
    node.answer = failing('discover-peers');
    const { fakes, harness } = await start(node.activities);
    const run = await harness.observe('nodeInit');
    await eventually('it backs off', () => waitsFor(harness, 'retry 1 of 20 in 10 s'));
    node.answer = async () => ({ kind: 'done' });
    const mended: PlannedTask = { ...PEERS, params: { sources: [{ type: 'static' }] } };
    node.tasks = [GENESIS, CONFIG, mended, VALIDATE];
    node.generation = 3;
    await harness.observe('nodeInit', { generation: 3 });
    await run.result();
    expect(fakes.countOf('beginInit')).toBe(2);
    expect(node.submitted.at(-2)?.task).toMatchObject(mended);
    expect(new Set(node.idsOf('config-apply')).size).toBe(1);
  });

  it('are retried at once after `retry`', async ({ start }) => {
    const node = new InitNode();
    node.answer = failing('discover-peers');
    const { harness } = await start(node.activities);
    const run = await harness.observe('nodeInit');
    await eventually('it backs off', () => waitsFor(harness, 'retry 1 of 20 in 10 s'));
    node.answer = async () => ({ kind: 'done' });
    await run.signal('retry');
    await run.result();
    expect(node.failures).toEqual([]);
  });

  it('get some retries after a refusal even without a budget', async ({ start }) => {
    const node = new InitNode();
    node.answer = async ({ task }) =>
      task.type === 'config-apply'
        ? { kind: 'refused', error: 'persist task: disk full' }
        : { kind: 'done' };
    const { harness } = await start(node.activities);
    const run = await harness.observe('nodeInit');
    await eventually('it backs off', () => waitsFor(harness, 'retry 1 of 5 in 10 s'));
    expect(node.failures).toEqual([]);
    await run.terminate();
  });
});

describe('a spec that changes during the bring-up', () => {
  it('ends the task under way for the old one, and begins with the new parameters', async ({
    start,
  }) => {
    const node = new InitNode();
    let waits = 0;
    node.answer = async ({ task }) => {
      if (task.type !== 'config-apply' || node.generation > 2) return { kind: 'done' };
      waits += 1;
      return waitsUntilCancelled();
    };
    const finished: number[] = [];
    const { harness } = await start({
      ...node.activities,
      finishInit: async ({ generation }) => {
        finished.push(generation);
        return { kind: 'finished', due: NOTHING_DUE };
      },
    });
    const run = await harness.observe('nodeInit');
    await eventually('it configures', () => waits > 0);
    node.tasks = [GENESIS, { ...CONFIG, params: { mode: 'archive' } }, PEERS, VALIDATE];
    node.generation = 3;
    await harness.observe('nodeInit', { generation: 3 });
    await run.result();
    expect(node.submitted.at(-3)?.task.params).toEqual({ mode: 'archive' });
    expect(finished).toEqual([3]);
  });

  it('is not believed to have changed by a message alone', async ({ start }) => {
    const node = new InitNode();
    let isDone = false;
    node.answer = async ({ task }) =>
      task.type === 'config-apply' && !isDone ? waitsUntilDone(() => isDone) : { kind: 'done' };
    const { fakes, harness } = await start(node.activities);
    const run = await harness.observe('nodeInit');
    await eventually('it configures', () => node.types.includes('config-apply'));
    await harness.observe('nodeInit', { generation: 1_000_000 });
    await eventually('it has read', () => fakes.countOf('readTarget') === 1);
    isDone = true;
    await run.result();
    expect(fakes.countOf('beginInit')).toBe(1);
  });

  it('prevents the node from being Running if it comes between the last task and the end', async ({
    start,
  }) => {
    const node = new InitNode();
    const { fakes, harness } = await start({
      ...node.activities,
      finishInit: async ({ generation }) => {
        if (generation === node.generation) return { kind: 'finished', due: NOTHING_DUE };
        return { kind: 'superseded' };
      },
      markReady: async () => {
        node.generation = 3;
        return { kind: 'ready' };
      },
    });
    await (await harness.observe('nodeInit')).result();
    expect(fakes.countOf('beginInit')).toBe(2);
    expect(fakes.countOf('finishInit')).toBe(2);
  });
});

describe('a node whose seid has been let through meanwhile', () => {
  it('is taken over as it is', async ({ start }) => {
    const node = new InitNode();
    let isLetThrough = false;
    node.answer = async () => {
      isLetThrough = true;
      return { kind: 'let-through' };
    };
    const { beginInit } = node.activities;
    const { fakes, harness } = await start({
      ...node.activities,
      beginInit: async (input) =>
        isLetThrough
          ? { ...BEGUN, kind: 'taking-over', marksReady: false }
          : ((await beginInit?.(input)) ?? { kind: 'gone' }),
    });
    await (await harness.observe('nodeInit')).result();
    expect(node.submitted).toHaveLength(1);
    expect(fakes.countOf('takeOver')).toBe(1);
    expect(fakes.countOf('markReady')).toBe(0);
  });
});

describe('a bring-up whose task fails beyond its budget', () => {
  async function fail(start: StartWorkers) {
    const node = new InitNode();
    node.answer = failing('config-apply', 'unknown field');
    const { fakes, harness } = await start(node.activities);
    const run = await harness.observe('nodeInit');
    await eventually(
      'the node is Failed',
      async () => (await harness.progress()).step === 'failed',
    );
    return { node, run, fakes, harness };
  }

  it('is given up at that step, and stays open for a reason to begin again', async ({ start }) => {
    const { node, run, harness } = await fail(start);
    expect(node.failures).toEqual([
      {
        step: 'config-apply',
        reason: 'SidecarTaskFailed',
        message: 'the sidecar failed the task: unknown field',
        error: 'unknown field',
      },
    ]);
    expect(await harness.progress()).toMatchObject({
      waitingFor: 'a change of the spec, or the signal `retry`',
      lastError: 'config-apply: SidecarTaskFailed: the sidecar failed the task: unknown field',
      failures: 1,
    });
    await run.terminate();
  });

  it('begins again when the spec is changed', async ({ start }) => {
    const { node, run, harness } = await fail(start);
    node.answer = async () => ({ kind: 'done' });
    node.generation = 3;
    await harness.observe('nodeInit', { generation: 3 });
    await run.result();
    expect(node.types).toEqual([
      'configure-genesis',
      'config-apply',
      'configure-genesis',
      'config-apply',
      'discover-peers',
      'config-validate',
    ]);
    expect(node.steered).toEqual([]);
  });

  it('names the step if the API server refuses a write of it', async ({ start }) => {
    const node = new InitNode();
    const { harness } = await start({
      ...node.activities,
      runSidecarTask: async () => {
        throw ApplicationFailure.nonRetryable('forbidden', FailureType.Refused);
      },
    });
    await harness.observe('nodeInit');
    await eventually(
      'the failure is shown',
      async () => (await harness.progress()).lastError !== undefined,
    );
    expect((await harness.progress()).lastError).toBe('configure-genesis: Refused: forbidden');
  });

  it('begins again when the spec was changed while the task failed', async ({ start }) => {
    const node = new InitNode();
    node.answer = async (input) => {
      if (input.task.type !== 'config-apply' || node.generation > 2) return { kind: 'done' };
      node.generation = 3;
      return { kind: 'task-failed', error: 'unknown field' };
    };
    const { harness } = await start(node.activities);
    await (await harness.observe('nodeInit')).result();
    expect(node.failures).toHaveLength(1);
  });

  // Two reads of the target are under way as the work ends; which of them has ended by then is a matter of chance.
  it(
    'is not given up for the failed task of a spec that is outdated by now',
    { repeats: 9 },
    async ({ start }) => {
      const node = new InitNode();
      node.answer = async (input) => {
        if (input.task.type !== 'config-apply' || node.generation > 2) return { kind: 'done' };
        node.generation = 3;
        await harness.observe('nodeInit', { generation: 3 });
        return { kind: 'task-failed', error: 'unknown field' };
      };
      const { harness } = await start(node.activities);
      await (await harness.observe('nodeInit')).result();
      expect(node.failures).toEqual([]);
    },
  );

  it('begins again at retry, which is recorded', async ({ start }) => {
    const { node, run } = await fail(start);
    node.answer = async () => ({ kind: 'done' });
    expect(await run.executeUpdate('retry', { args: [{ actor: 'kim' }] })).toBe('retry');
    await run.result();
    expect(node.steered).toEqual(['retry by kim']);
  });

  it('begins again at a retry that starts the run', async ({ start }) => {
    const node = new InitNode();
    node.failedAt = node.generation;
    const { fakes, harness } = await start(node.activities);
    const run = await harness.signalWithStart('nodeInit', 'retry', { actor: 'kim' });
    await run.result();
    expect(node.steered).toEqual(['retry by kim']);
    expect(fakes.countOf('finishInit')).toBe(1);
  });

  it('does not begin again after any other change of the node', async ({ start }) => {
    const { run, fakes, harness } = await fail(start);
    const before = fakes.countOf('beginInit');
    await harness.observe('nodeInit', { due: 'nothing', generation: 2 });
    await harness.observe('nodeInit', { cause: 'resync', generation: 2 });
    // The query is answered after the signals that came before it.
    expect((await harness.progress()).step).toBe('failed');
    expect(fakes.countOf('beginInit')).toBe(before);
    await run.terminate();
  });

  it('can be deleted', async ({ start }) => {
    const { run, fakes, harness, node } = await fail(start);
    node.isDeleted = true;
    await harness.observe('nodeDelete', { generation: 3 });
    await run.result();
    expect(fakes.calls.at(-1)).toBe('removeFinalizer');
  });
});

describe('the configuration of a node that is updated', () => {
  const configPatch = { 'config.toml': { p2p: { 'external-address': 'a:1' } } };

  it('is patched after the applies, while the old pod is there', async ({ start }) => {
    const patched: unknown[] = [];
    const { fakes, harness } = await start({
      ...new InitNode().activities,
      beginUpdate: async () => ({ ...BEGUN, configPatch }),
      configPatch: async ({ files }) => {
        patched.push(files);
        return { kind: 'patched' };
      },
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(patched).toEqual([configPatch]);
    expect(new Set(fakes.calls.slice(1, 3))).toEqual(new Set(['applyStatefulSet', 'applyService']));
    expect(fakes.calls.slice(3, 5)).toEqual(['configPatch', 'replacePod']);
  });

  it.for<[string, NodeActivities['configPatch']]>([
    ['is skipped', async () => ({ kind: 'skipped', reason: 'no answer' })],
    [
      'fails',
      async () => {
        throw ApplicationFailure.create({ message: 'a bug' });
      },
    ],
  ])('never holds up the roll when the patch %s', async ([, patch], { start }) => {
    const { fakes, harness } = await start({
      ...new InitNode().activities,
      beginUpdate: async () => ({ ...BEGUN, configPatch }),
      configPatch: patch,
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(fakes.countOf('configPatch')).toBe(1);
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });

  it('costs nothing if there is nothing to patch', async ({ start }) => {
    const { fakes, harness } = await start(new InitNode().activities);
    await (await harness.observe('nodeUpdate')).result();
    expect(fakes.countOf('configPatch')).toBe(0);
  });
});
