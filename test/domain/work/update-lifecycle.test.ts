import { describe, expect, it } from 'vitest';

import type { ConditionType } from '../../../domain/node/condition.ts';
import { findCondition } from '../../../domain/node/condition.ts';
import type { SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import type { StepFailure } from '../../../domain/plan/plan.ts';
import type { RunningPod } from '../../../domain/pod/running-pod.ts';
import { withReady } from '../../../domain/status/readiness.ts';
import { stalledNode } from '../../../domain/status/status-conditions.ts';
import {
  failedUpdate,
  finishedUpdate,
  observedImage,
  replacedPod,
  startedUpdate,
  steppedUpdate,
} from '../../../domain/work/update-lifecycle.ts';
import { EARLIER, LATER, NOW, plan, runningNode, SIDECAR, V1, V2 } from '../../support/sei-node.ts';

const start = {
  planId: 'plan-1',
  workflowId: 'seinode/test/default/n0',
  target: { image: V2, sidecarImage: SIDECAR, replicas: 1 as const },
  cause: 'seid sei:v1 -> sei:v2',
};
const toV3 = { ...start, target: { ...start.target, image: 'sei:v3' } };
const podOfV2: RunningPod = {
  name: 'n0-0',
  uid: 'pod-uid',
  ip: '10.0.0.1',
  image: V2,
  sidecarImage: SIDECAR,
};
const ofV2 = { pod: podOfV2, template: { image: V2, sidecarImage: SIDECAR } };
const failure: StepFailure = { step: 'replace-pod', reason: 'Refused', message: 'no', at: NOW };

const drifted = runningNode({ metadata: { generation: 2 }, spec: { image: V2 } });
const withStatus = (status: SeiNodeStatus, node: SeiNode = drifted): SeiNode => ({
  ...node,
  status,
});
const condition = (status: SeiNodeStatus, type: ConditionType) =>
  findCondition(status.conditions, type);

/** Returns condition Ready as the operator writes it with a status. */
const ready = (status: SeiNodeStatus, node: SeiNode = drifted) =>
  condition(withReady(node, status, NOW), 'Ready');

/** The node in the middle of its update to V2. */
const updating = withStatus(startedUpdate(drifted, start, EARLIER));
const stalled = withStatus(
  stalledNode(updating, { reason: 'ImagePullBackOff', message: 'denied' }, NOW),
);

describe('startedUpdate', () => {
  it('says from what to what, under which plan', () => {
    const status = startedUpdate(drifted, start, NOW);
    expect(condition(status, 'NodeUpdateInProgress')).toEqual({
      type: 'NodeUpdateInProgress',
      status: 'True',
      reason: 'UpdateStarted',
      message: 'seid sei:v1 -> sei:v2 (plan plan-1)',
      observedGeneration: 2,
      lastTransitionTime: NOW,
    });
    expect(ready(status)).toMatchObject({
      status: 'False',
      reason: 'UpdateInProgress',
    });
    expect(status.plan).toEqual(plan({ startedAt: NOW }));
  });

  it('leaves phase and current image as they are', () => {
    expect(startedUpdate(drifted, start, NOW)).toMatchObject({
      phase: 'Running',
      currentImage: V1,
    });
  });

  it('resumes its own plan for the same target, with the steps that are done', () => {
    const stepped = withStatus(steppedUpdate(updating, 'plan-1', 'replace-pod'));
    const resumed = startedUpdate(stepped, start, LATER);
    expect(resumed.plan).toEqual(stepped.status?.plan);
    expect(condition(resumed, 'NodeUpdateInProgress')?.lastTransitionTime).toBe(EARLIER);
  });

  it('starts over for a newer target, and records the one that it supersedes', () => {
    const status = startedUpdate(updating, toV3, NOW);
    expect(status.plan).toEqual(plan({ targetImage: 'sei:v3', startedAt: NOW }));
    expect(status.history).toEqual([
      {
        from: V1,
        to: V2,
        outcome: 'Superseded',
        startedAt: EARLIER,
        endedAt: NOW,
        actor: 'spec',
      },
    ]);
    expect(condition(status, 'NodeUpdateInProgress')?.status).toBe('True');
  });

  it("supersedes another run's update, which did not complete", () => {
    const status = startedUpdate(updating, { ...toV3, planId: 'plan-2' }, NOW);
    expect(status.plan?.id).toBe('plan-2');
    expect(status.history).toEqual([expect.objectContaining({ to: V2, outcome: 'Superseded' })]);
  });

  it('supersedes no plan that is none: of a sidecar that was marked ready again, of another operator', () => {
    const tasks = [{ type: 'mark-ready', status: 'Pending' }] as const;
    for (const parts of [{ tasks }, { workflowId: undefined }]) {
      const { workflowId, ...other } = { ...plan(), ...parts };
      const left = { ...other, ...(workflowId !== undefined && { workflowId }) };
      const status = startedUpdate(runningNode({ status: { plan: left } }), toV3, NOW);
      expect(status.history).toBeUndefined();
    }
  });

  it('ends the stall of the attempt before', () => {
    const status = startedUpdate(stalled, toV3, LATER);
    expect(condition(status, 'Stalled')?.status).toBe('False');
    expect(condition(startedUpdate(drifted, start, NOW), 'Stalled')).toBeUndefined();
  });

  it('keeps the failure of the attempt before readable', () => {
    const failed = withStatus(failedUpdate(updating, 'plan-1', failure, NOW));
    const again = startedUpdate(failed, { ...start, planId: 'plan-2' }, LATER);
    expect(again.plan).toMatchObject({ id: 'plan-2', phase: 'Active', lastFailure: failure });
    expect(condition(again, 'NodeUpdateInProgress')).toMatchObject({
      status: 'True',
      lastTransitionTime: LATER,
    });
  });
});

describe('steppedUpdate', () => {
  it('records the step, and those before it', () => {
    const status = steppedUpdate(updating, 'plan-1', 'apply-service');
    expect(status.plan?.tasks.map((task) => task.status)).toEqual([
      'Complete',
      'Complete',
      'Pending',
      'Pending',
      'Pending',
    ]);
  });

  it("leaves another run's plan alone", () => {
    const status = steppedUpdate(updating, 'plan-2', 'mark-ready');
    expect(status).toEqual(updating.status);
  });
});

describe('replacedPod', () => {
  it("takes back what the old pod's sidecar had said", () => {
    const known = withStatus(
      finishedUpdate(withStatus(observedImage(updating, 'plan-1', ofV2, NOW)), 'plan-1', NOW),
    );
    const again = withStatus(startedUpdate(known, { ...toV3, planId: 'plan-2' }, LATER));
    expect(condition(replacedPod(again, 'plan-2', LATER), 'SidecarReady')).toMatchObject({
      status: 'Unknown',
      reason: 'PodNotRunning',
    });
  });
});

describe('observedImage', () => {
  it("records the template's images, whatever spec asks for by now", () => {
    const moved = { ...updating, spec: { ...updating.spec, image: 'sei:v3' } };
    const status = observedImage(moved, 'plan-1', ofV2, NOW);
    expect(status).toMatchObject({ currentImage: V2, currentSidecarImage: SIDECAR });
  });

  it('names both what was asked for and what admission made of it', () => {
    const pod = { ...podOfV2, image: 'mirror/sei:v2', sidecarImage: 'mirror/seictl:v1' };
    const status = observedImage(updating, 'plan-1', { ...ofV2, pod }, NOW);
    expect(status).toMatchObject({
      currentImage: V2,
      currentSidecarImage: SIDECAR,
      pod: { uid: 'pod-uid', image: 'mirror/sei:v2', sidecarImage: 'mirror/seictl:v1' },
    });
    expect(ready(finishedUpdate(withStatus(status), 'plan-1', NOW))?.message).toBe(
      'the node runs sei:v2 as mirror/sei:v2',
    );
  });

  it("records the pod's own images where its template is an older one", () => {
    const pod = { ...podOfV2, image: 'sei:old' };
    const status = observedImage(updating, 'plan-1', { pod, template: undefined }, NOW);
    expect(status.currentImage).toBe('sei:old');
  });

  it('keeps what is known of the same pod, whose template is an older one by now', () => {
    const observed = withStatus(observedImage(updating, 'plan-1', ofV2, NOW));
    const pod = { ...podOfV2, image: 'edited' };
    const status = observedImage(observed, 'plan-1', { pod, template: undefined }, NOW);
    expect(status).toMatchObject({ currentImage: V2, pod: { image: V2 } });
  });

  it('keeps what is known of a sidecar that the pod does not have', () => {
    const pod = { ...podOfV2, sidecarImage: undefined };
    const status = observedImage(updating, 'plan-1', { ...ofV2, pod }, NOW);
    expect(status.currentSidecarImage).toBe(SIDECAR);
  });

  it('ends a stall, and does not end the update', () => {
    const status = observedImage(stalled, 'plan-1', ofV2, LATER);
    expect(condition(status, 'Stalled')?.status).toBe('False');
    expect(condition(status, 'NodeUpdateInProgress')?.status).toBe('True');
    expect(status.plan?.tasks.find(({ type }) => type === 'mark-ready')?.status).toBe('Pending');
  });
});

describe('finishedUpdate', () => {
  const observed = withStatus(observedImage(updating, 'plan-1', ofV2, NOW));

  it('completes the update', () => {
    const status = finishedUpdate(observed, 'plan-1', LATER);
    expect(condition(status, 'NodeUpdateInProgress')).toMatchObject({
      status: 'False',
      reason: 'UpdateComplete',
      lastTransitionTime: LATER,
    });
    expect(condition(status, 'SidecarReady')).toMatchObject({ status: 'True', reason: 'Ready' });
    expect(ready(status)).toMatchObject({ status: 'True', reason: 'Running' });
    expect(status.plan?.phase).toBe('Complete');
    expect(status.history).toMatchObject([{ from: V1, to: V2, outcome: 'Complete' }]);
    expect(status.phase).toBe('Running');
  });

  it('settles the failure of an attempt before', () => {
    const retried = withStatus({
      ...observed.status,
      plan: plan({ lastFailure: failure }),
    });
    expect(finishedUpdate(retried, 'plan-1', LATER).plan).not.toHaveProperty('lastFailure');
  });

  it.each([
    ["another run's plan", observed],
    ['a plan that has failed', withStatus({ ...observed.status, plan: plan({ phase: 'Failed' }) })],
    ['no plan', drifted],
  ])('writes nothing at all for %s', (_, node) => {
    const planId = node === observed ? 'plan-2' : 'plan-1';
    expect(finishedUpdate(node, planId, LATER)).toBe(node.status);
  });
});

describe('failedUpdate', () => {
  it('says which step failed and why, and leaves the node Running on what it ran', () => {
    const status = failedUpdate(updating, 'plan-1', failure, NOW);
    expect(condition(status, 'NodeUpdateInProgress')).toMatchObject({
      status: 'False',
      reason: 'UpdateFailed',
      message: 'plan plan-1 failed: replace-pod: no',
    });
    expect(status).toMatchObject({
      phase: 'Running',
      currentImage: V1,
      plan: { phase: 'Failed', lastFailure: failure },
      history: [{ from: V1, to: V2, outcome: 'Failed' }],
    });
  });

  it('does not go on calling the node updated', () => {
    const status = failedUpdate(updating, 'plan-1', failure, NOW);
    expect(ready(status)).toMatchObject({ status: 'False', reason: 'UpdateFailed' });
  });

  it.each([
    ["another run's plan", updating, 'plan-2'],
    ['a plan that is complete', withStatus({ plan: plan({ phase: 'Complete' }) }), 'plan-1'],
    ['no plan', drifted, 'plan-1'],
  ])('writes nothing at all for %s', (_, node, planId) => {
    expect(failedUpdate(node, planId, failure, NOW)).toBe(node.status);
  });
});

describe('every stage', () => {
  const observed = withStatus(observedImage(updating, 'plan-1', ofV2, NOW));

  it.each<[string, SeiNode, (node: SeiNode, now: string) => SeiNodeStatus]>([
    ['the start', drifted, (node, now) => startedUpdate(node, start, now)],
    ['a newer target', updating, (node, now) => startedUpdate(node, toV3, now)],
    ['the start after a stall', stalled, (node, now) => startedUpdate(node, start, now)],
    ['a step', updating, (node) => steppedUpdate(node, 'plan-1', 'replace-pod')],
    ['the observed image', stalled, (node, now) => observedImage(node, 'plan-1', ofV2, now)],
    ['the end', observed, (node, now) => finishedUpdate(node, 'plan-1', now)],
    [
      'a failure',
      updating,
      (node, now) => failedUpdate(node, 'plan-1', { ...failure, at: now }, now),
    ],
  ])('gives the same status when it is written twice: %s', (_, node, stage) => {
    const once = stage(node, NOW);
    expect(stage(withStatus(once, node), LATER)).toEqual(once);
  });

  it('reads like one story from start to end', () => {
    const story = [updating, stalled, observed].map((node) =>
      condition(node.status ?? {}, 'NodeUpdateInProgress'),
    );
    expect(new Set(story.map((one) => one?.lastTransitionTime))).toEqual(new Set([EARLIER]));
  });
});
