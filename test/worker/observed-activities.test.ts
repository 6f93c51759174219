import { MockActivityEnvironment } from '@temporalio/testing';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import { FailureType } from '../../domain/failure/failure-type.ts';
import type { WorkKind } from '../../domain/work/due-work.ts';
import { createRunMetrics } from '../../metrics/run-metrics.ts';
import { observedActivities } from '../../worker/observed-activities.ts';
import type { RecordedLog } from '../kubernetes/recorded-log.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { parseExposition } from '../metrics/exposition.ts';
import { NODE } from '../support/sei-node.ts';
import { fakeActivities, TARGET } from '../support/workflow/fake-activities.ts';

const INPUT = { node: NODE, planId: 'plan' };
const BEGIN = { ...INPUT, workflowId: 'seinode/eu/nodes/n0' };
const APPLY = { ...INPUT, target: TARGET, generation: 1 };

let registry: Registry;
let log: RecordedLog;

beforeEach(() => {
  registry = new Registry();
  log = recordedLog();
});

function observed(overrides: Partial<NodeActivities> = {}): NodeActivities {
  return observedActivities(fakeActivities(overrides).activities, {
    runs: createRunMetrics(registry),
    logger: log,
  });
}

function failureOf(reason: FailureType) {
  return { step: 'begin', reason, message: 'no' };
}

/** As a step of a run of that type. */
function runIn<T>(workflowType: WorkKind, activity: () => Promise<T>): Promise<T> {
  return new MockActivityEnvironment({ workflowType }).run(activity);
}

async function ends(): Promise<readonly string[]> {
  return parseExposition(await registry.metrics())
    .filter(({ value }) => value > 0)
    .map(({ labels, value }) => `${labels['work']} ${labels['outcome']} ${value}`);
}

describe('observedActivities', () => {
  it('count the end of each type of work', async () => {
    const activities = observed();
    await activities.finishInit({ ...INPUT, generation: 1 });
    await activities.takeOver(APPLY);
    await activities.finishUpdate(INPUT);
    await activities.finishSync({ ...INPUT, sidecar: 'ready' });
    await activities.removeFinalizer(INPUT);
    expect(await ends()).toEqual([
      'nodeInit complete 2',
      'nodeUpdate complete 1',
      'nodeSync complete 1',
      'nodeDelete complete 1',
    ]);
  });

  it('tell a bring-up that is given up from one that will be tried again', async () => {
    const activities = observed();
    const given = failureOf(FailureType.SidecarTaskFailed);
    await activities.failInit({ ...INPUT, failure: given, generation: 1 });
    const tried = failureOf(FailureType.InvalidSpec);
    await activities.failInit({ ...INPUT, failure: tried, generation: 1 });
    expect(await ends()).toEqual(['nodeInit failed 1', 'nodeInit given-up 1']);
  });

  it("count a failure for the run's own work", async () => {
    const activities = observed();
    const failure = failureOf(FailureType.ForeignOwner);
    await activities.failUpdate({ ...INPUT, failure });
    await runIn('nodeSync', () => activities.failSync({ ...INPUT, failure }));
    await runIn('nodeDelete', () => activities.failSync({ ...INPUT, failure }));
    expect(await ends()).toEqual([
      'nodeUpdate failed 1',
      'nodeSync failed 1',
      'nodeDelete failed 1',
    ]);
  });

  it('log each end once, with the failure and its reason', async () => {
    const activities = observed();
    await activities.finishUpdate(INPUT);
    await activities.failUpdate({ ...INPUT, failure: failureOf(FailureType.ForeignOwner) });
    expect(log.entries).toEqual([
      { message: 'run ended', fields: { work: 'nodeUpdate', outcome: 'complete' } },
      {
        message: 'run ended',
        fields: {
          work: 'nodeUpdate',
          outcome: 'failed',
          step: 'begin',
          reason: FailureType.ForeignOwner,
          error: 'no',
        },
      },
    ]);
  });

  it('count no end that could not be recorded, and fail as before', async () => {
    const refusal = new Error('no');
    const activities = observed({ removeFinalizer: () => Promise.reject(refusal) });
    await expect(activities.removeFinalizer(INPUT)).rejects.toBe(refusal);
    expect(await ends()).toEqual([]);
  });

  it('count nothing for a node that is gone, nor for a beginning', async () => {
    const activities = observed({ finishUpdate: async () => ({ kind: 'gone' }) });
    await activities.beginUpdate(BEGIN);
    expect(await activities.finishUpdate(INPUT)).toEqual({ kind: 'gone' });
    expect(await ends()).toEqual([]);
  });
});
