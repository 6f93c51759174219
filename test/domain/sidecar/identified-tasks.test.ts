import { describe, expect, it } from 'vitest';

import type { Plan, PlanTask, TaskStatus } from '../../../domain/node/sei-node-status.ts';
import type { NewTaskIds } from '../../../domain/sidecar/identified-tasks.ts';
import { identifiedTasks } from '../../../domain/sidecar/identified-tasks.ts';
import type { PlannedTask } from '../../../domain/sidecar/sidecar-plan.ts';
import { plan } from '../../support/sei-node.ts';

const NEW: NewTaskIds = {
  'snapshot-restore': 'new-restore',
  'configure-genesis': 'new-genesis',
  'config-apply': 'new-config',
  'discover-peers': 'new-peers',
  'configure-state-sync': 'new-state-sync',
  'config-validate': 'new-validate',
};

const RESTORE: PlannedTask = { type: 'snapshot-restore', params: { targetHeight: 5 }, retries: 0 };
const GENESIS: PlannedTask = { type: 'configure-genesis', retries: 180 };
const CONFIG: PlannedTask = { type: 'config-apply', params: { a: 1, b: { c: 2 } }, retries: 0 };
const VALIDATE: PlannedTask = { type: 'config-validate', retries: 0 };
const PLANNED = [RESTORE, GENESIS, CONFIG, VALIDATE];

const known = (task: PlannedTask, status: TaskStatus, more: Partial<PlanTask> = {}): PlanTask => ({
  type: task.type,
  status,
  id: `old-${task.type}`,
  ...(task.params && { params: task.params }),
  ...more,
});

const earlier = (...tasks: readonly PlanTask[]): Plan =>
  plan({ tasks: [{ type: 'ensure-data-pvc', status: 'Complete' }, ...tasks] });

const idsOf = (before: Plan | undefined, planned = PLANNED) =>
  identifiedTasks(planned, before, NEW).map(({ id }) => id);

const RESTORING = earlier(
  known(RESTORE, 'Pending'),
  known(GENESIS, 'Pending'),
  known(CONFIG, 'Pending'),
  known(VALIDATE, 'Pending'),
);

const CONFIGURING = earlier(
  known(RESTORE, 'Complete'),
  known(GENESIS, 'Complete'),
  known(CONFIG, 'Pending'),
  known(VALIDATE, 'Pending'),
);

describe('the ids of the tasks of a bring-up', () => {
  it('are new where status knows none', () => {
    const all = ['new-restore', 'new-genesis', 'new-config', 'new-validate'];
    expect(idsOf(undefined)).toEqual(all);
    expect(idsOf(plan())).toEqual(all);
    expect(idsOf({ ...CONFIGURING, phase: 'Complete' })).toEqual(all);
  });

  it('stay with tasks of the same parameters, whichever run has recorded them', () => {
    const tasks = identifiedTasks(PLANNED, { ...CONFIGURING, id: 'of another run' }, NEW);
    expect(tasks.map(({ id }) => id)).toEqual([
      'old-snapshot-restore',
      'old-configure-genesis',
      'old-config-apply',
      'old-config-validate',
    ]);
    expect(tasks.map(({ isDone }) => isDone)).toEqual([true, true, false, false]);
  });

  it('do not depend on the order in which the API server returns the parameters', () => {
    const params = { b: { c: 2 }, a: 1 };
    const before = earlier(
      known(RESTORE, 'Complete'),
      known(GENESIS, 'Complete'),
      known(CONFIG, 'Pending', { params }),
      known(VALIDATE, 'Pending'),
    );
    expect(idsOf(before)[2]).toBe('old-config-apply');
  });

  it('are new from the first task on that is another one: later ones work on what it wrote', () => {
    const changed = { ...CONFIG, params: { a: 2 } };
    expect(idsOf(CONFIGURING, [RESTORE, GENESIS, changed, VALIDATE])).toEqual([
      'old-snapshot-restore',
      'old-configure-genesis',
      'new-config',
      'new-validate',
    ]);
    expect(idsOf(CONFIGURING, [GENESIS, CONFIG, VALIDATE])).toEqual([
      'new-genesis',
      'new-config',
      'new-validate',
    ]);
  });

  it('are new from a task on that has failed beyond its budget', () => {
    const failed = earlier(
      known(RESTORE, 'Complete'),
      known(GENESIS, 'Complete'),
      known(CONFIG, 'Failed'),
      known(VALIDATE, 'Pending'),
    );
    expect(idsOf({ ...failed, phase: 'Failed' })).toEqual([
      'old-snapshot-restore',
      'old-configure-genesis',
      'new-config',
      'new-validate',
    ]);
  });
});

describe('a task that may still run for an earlier spec', () => {
  const after = (before: Plan, planned = PLANNED) =>
    identifiedTasks(planned, before, NEW).map((task) => task.after);
  const other = { ...RESTORE, params: { targetHeight: 6 } };

  it('is waited for by the first that takes its place', () => {
    const planned = [other, GENESIS, CONFIG, VALIDATE];
    expect(after(RESTORING, planned)).toEqual([
      ['old-snapshot-restore'],
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is waited for although the spec does not ask for it any more', () => {
    expect(after(RESTORING, [GENESIS, CONFIG, VALIDATE])[0]).toEqual(['old-snapshot-restore']);
  });

  it('is none where the last that was begun is done, or failed', () => {
    const done = earlier(known(RESTORE, 'Complete'), known(GENESIS, 'Failed'));
    expect(after(done)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('is waited for through further changes, whichever of them has begun', () => {
    const twice = earlier(
      known(other, 'Pending', { id: 'second', after: ['first'] }),
      known(GENESIS, 'Pending'),
    );
    const third = { ...RESTORE, params: { targetHeight: 7 } };
    expect(after(twice, [third, GENESIS, CONFIG, VALIDATE])[0]).toEqual(['second', 'first']);
    expect(after(twice, [other, GENESIS, CONFIG, VALIDATE])[0]).toEqual(['first']);
  });
});
