import { describe, expect, it } from 'vitest';

import type { ConditionType } from '../../../domain/node/condition.ts';
import { findCondition } from '../../../domain/node/condition.ts';
import type { SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { INIT_STEPS, TAKE_OVER_STEPS } from '../../../domain/node/step.ts';
import type { StepFailure } from '../../../domain/plan/plan.ts';
import { withReady } from '../../../domain/status/readiness.ts';
import { failedInit, finishedInit, startedInit } from '../../../domain/work/init-lifecycle.ts';
import { observedImage } from '../../../domain/work/update-lifecycle.ts';
import {
  EARLIER,
  foreignNode,
  LATER,
  NOW,
  plan,
  seiNode,
  SIDECAR,
  V1,
  V2,
} from '../../support/sei-node.ts';

const start = {
  planId: 'plan-1',
  workflowId: 'seinode/test/default/n0',
  target: { image: V1, sidecarImage: SIDECAR, replicas: 1 as const },
  steps: INIT_STEPS,
};
const running = { name: 'n0-0', uid: 'p', ip: undefined, image: V1, sidecarImage: SIDECAR };
const failure: StepFailure = {
  step: 'apply-statefulset',
  reason: 'InvalidSpec',
  message: 'no',
  at: NOW,
};

const withStatus = (status: SeiNodeStatus): SeiNode => seiNode({ status });
const condition = (status: SeiNodeStatus, type: ConditionType) =>
  findCondition(status.conditions, type);

const starting = withStatus(startedInit(seiNode(), start, EARLIER));
const observed = withStatus(
  observedImage(starting, 'plan-1', { pod: running, template: running }, NOW),
);

describe('startedInit', () => {
  it('takes a new node from Pending to Initializing', () => {
    const status = startedInit(seiNode(), start, NOW);
    expect(status).toMatchObject({
      phase: 'Initializing',
      phaseTransitionTime: NOW,
      plan: { id: 'plan-1', phase: 'Active', targetImage: V1 },
    });
    expect(status.plan?.tasks.map(({ type }) => type)).toEqual(INIT_STEPS);
    expect(condition(withReady(seiNode(), status, NOW), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'Initializing',
    });
  });

  it('claims no image before one has run', () => {
    expect(startedInit(seiNode(), start, NOW)).not.toHaveProperty('currentImage');
  });

  it('claims no image that another operator recorded before one has run', () => {
    const { workflowId: _, ...foreign } = plan({ targetImage: V2 });
    const left = { phase: 'Initializing', currentImage: V2, plan: foreign } as const;
    const status = startedInit(withStatus(left), start, NOW);
    expect(status).not.toHaveProperty('currentImage');
    expect(status.plan).not.toHaveProperty('previousImage');
  });

  it('says to which phase its plan leads as long as it is under way', () => {
    expect(starting.status?.plan?.targetPhase).toBe('Running');
    expect(finishedInit(observed, 'plan-1', LATER).plan).not.toHaveProperty('targetPhase');
    expect(failedInit(starting, 'plan-1', failure, 1, NOW).plan).not.toHaveProperty('targetPhase');
  });

  it('has the task mark-ready on status under its id before it is submitted', () => {
    const { plan: after } = observedImage(
      starting,
      'plan-1',
      { pod: running, template: undefined },
      NOW,
      'mark-1',
    );
    expect(after?.tasks.at(-1)).toEqual({ type: 'mark-ready', status: 'Pending', id: 'mark-1' });
  });

  it('keeps its plan when it resumes, and makes a new one for another image', () => {
    expect(startedInit(starting, start, NOW)).toEqual(starting.status);
    const mended = { ...start, target: { ...start.target, image: V2 } };
    const status = startedInit(starting, mended, NOW);
    expect(status.plan).toMatchObject({ targetImage: V2, startedAt: NOW });
    expect(status.phaseTransitionTime).toBe(EARLIER);
  });

  it('ends the stall of a failed attempt and keeps its failure readable', () => {
    const failed = withStatus(failedInit(starting, 'plan-1', failure, 1, NOW));
    const again = startedInit(failed, { ...start, planId: 'plan-2' }, LATER);
    expect(condition(again, 'Stalled')?.status).toBe('False');
    expect(again.plan?.lastFailure).toEqual(failure);
  });

  it('leaves a node that another operator runs Running and Ready as it is', () => {
    const node = foreignNode();
    const status = startedInit(node, { ...start, steps: TAKE_OVER_STEPS }, NOW);
    const { plan, ...rest } = status;
    expect(rest).toEqual(node.status);
    expect(plan?.tasks.map(({ type }) => type)).toEqual(TAKE_OVER_STEPS);
  });
});

describe('finishedInit', () => {
  it('takes the node to Running on the image that was observed', () => {
    const status = finishedInit(observed, 'plan-1', LATER);
    expect(status).toMatchObject({
      phase: 'Running',
      phaseTransitionTime: LATER,
      currentImage: V1,
      plan: { phase: 'Complete' },
    });
    expect(condition(withReady(observed, status, NOW), 'Ready')).toMatchObject({
      status: 'True',
      reason: 'Running',
    });
    expect(condition(status, 'SidecarReady')?.status).toBe('True');
  });

  it('says nothing of updates and stalls, which there were none of', () => {
    const { conditions = [] } = finishedInit(observed, 'plan-1', LATER);
    expect(conditions.map(({ type }) => type).toSorted()).toEqual(['Paused', 'SidecarReady']);
  });
});

describe('failedInit', () => {
  it('shows what the node waits for, without giving it up', () => {
    const status = failedInit(starting, 'plan-1', failure, 1, NOW);
    expect(condition(status, 'Stalled')).toMatchObject({
      status: 'True',
      reason: 'InvalidSpec',
      message: 'apply-statefulset: no',
    });
    expect(status).toMatchObject({
      phase: 'Initializing',
      plan: { phase: 'Failed', lastFailure: failure },
    });
  });

  it.each<[string, SeiNode]>([
    ['Running', foreignNode()],
    ['Initializing, with its seid let through', withStatus({ phase: 'Initializing' })],
  ])('never gives up a take-over: its node stays %s', (_, node) => {
    const taking = {
      ...node,
      status: startedInit(node, { ...start, steps: TAKE_OVER_STEPS }, NOW),
    };
    const ofTask = { ...failure, step: 'take-over', reason: 'SidecarTaskFailed' } as const;
    const status = failedInit(taking, 'plan-1', ofTask, 1, LATER);
    expect(status.phase).toBe(node.status?.phase);
    expect(status.plan?.phase).toBe('Failed');
    expect(condition(status, 'Stalled')).toMatchObject({
      status: 'True',
      reason: 'SidecarTaskFailed',
    });
  });

  it("keeps the sidecar's own words apart from what is said about them", () => {
    const ofTask = {
      ...failure,
      step: 'mark-ready',
      message: 'it failed: disk full',
      error: 'disk full',
    };
    const { plan: failed } = failedInit(starting, 'plan-1', ofTask, 1, NOW);
    expect(failed?.tasks.at(-1)?.error).toBe('disk full');
    expect(failed?.lastFailure).toEqual({
      ...failure,
      step: 'mark-ready',
      message: ofTask.message,
    });
  });

  it("writes nothing at all for another run's plan", () => {
    expect(failedInit(starting, 'plan-2', failure, 1, NOW)).toBe(starting.status);
    expect(finishedInit(starting, 'plan-2', NOW)).toBe(starting.status);
  });
});

describe('every stage', () => {
  it.each<[string, SeiNode, (node: SeiNode, now: string) => SeiNodeStatus]>([
    ['the start', seiNode(), (node, now) => startedInit(node, start, now)],
    [
      'the start of a take-over',
      foreignNode(),
      (node, now) => startedInit(node, { ...start, steps: TAKE_OVER_STEPS }, now),
    ],
    ['the end', observed, (node, now) => finishedInit(node, 'plan-1', now)],
    [
      'a failure',
      starting,
      (node, now) => failedInit(node, 'plan-1', { ...failure, at: now }, 1, now),
    ],
  ])('gives the same status when it is written twice: %s', (_, node, stage) => {
    const once = stage(node, NOW);
    expect(stage({ ...node, status: once }, LATER)).toEqual(once);
  });
});
