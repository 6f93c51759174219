import { describe, expect, it } from 'vitest';

import { FailureType } from '../../../domain/failure/failure-type.ts';
import { findCondition } from '../../../domain/node/condition.ts';
import { retriedNode } from '../../../domain/node/failed-node.ts';
import type { SeiNode, SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import { initSteps } from '../../../domain/node/step.ts';
import { resumedNode, heldNode } from '../../../domain/plan/hold.ts';
import { dueWork } from '../../../domain/work/due-work.ts';
import { failedInit, startedInit } from '../../../domain/work/init-lifecycle.ts';
import { DEFAULT_SIDECAR, LATER, NOW, seiNode, SIDECAR, V1 } from '../../support/sei-node.ts';

const policy = { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR };
const target = { image: V1, sidecarImage: SIDECAR, replicas: 1 } as const;
const steps = initSteps(['configure-genesis', 'config-apply', 'config-validate']);
const start = { planId: 'plan-1', workflowId: 'w', target, steps };
const failure = {
  step: 'config-apply',
  reason: FailureType.SidecarTaskFailed,
  message: 'the sidecar failed the task: unknown field',
  at: NOW,
};

/** Returns a node whose bring-up began at generation 1, by now perhaps with a newer spec. */
function initializing(generation = 1, spec: Partial<SeiNodeSpec> = {}): SeiNode {
  const node = seiNode({ metadata: { generation }, spec });
  return { ...node, status: startedInit(seiNode(), start, NOW) };
}

function failed(node: SeiNode = initializing(), reason: FailureType = failure.reason): SeiNode {
  return { ...node, status: failedInit(node, 'plan-1', { ...failure, reason }, 1, LATER) };
}

const changed = (node: SeiNode, spec: Partial<SeiNodeSpec> = {}): SeiNode => ({
  ...node,
  metadata: { ...node.metadata, generation: node.metadata.generation + 1 },
  spec: { ...node.spec, ...spec },
});

const getDueWork = (node: SeiNode) =>
  dueWork({ node, pods: [], statefulSet: undefined, owned: [], sidecar: undefined }, policy).kind;

describe('a bring-up whose sidecar task fails beyond its budget', () => {
  it('ends in phase Failed, with the reason in the conditions and at the step', () => {
    const { status } = failed();
    expect(status).toMatchObject({ phase: 'Failed', phaseTransitionTime: LATER });
    for (const type of ['Ready', 'Stalled'] as const) {
      expect(findCondition(status?.conditions, type)).toMatchObject({
        status: type === 'Stalled' ? 'True' : 'False',
        reason: 'SidecarTaskFailed',
        message: 'config-apply: the sidecar failed the task: unknown field',
      });
    }
    expect(status?.plan).toMatchObject({ phase: 'Failed', lastFailure: { step: 'config-apply' } });
    expect(status?.plan?.tasks).toContainEqual({
      type: 'config-apply',
      status: 'Failed',
      error: failure.message,
    });
  });

  it('leaves the phase of a node alone that fails for what is tried again', () => {
    expect(failed(initializing(), FailureType.InvalidSpec).status?.phase).toBe('Initializing');
  });
});

describe('a Failed node', () => {
  it('has nothing due while its spec is the one that failed', () => {
    expect(getDueWork(failed())).toBe('failed');
  });

  it('is brought up again once its spec has changed', () => {
    expect(getDueWork(changed(failed()))).toBe('nodeInit');
  });

  it('is brought up again when its spec changed between the attempt and its failure', () => {
    expect(getDueWork(failed(initializing(2)))).toBe('nodeInit');
  });

  it('keeps a change that came during a hold for later', () => {
    const command = { kind: 'pause', actor: 'kim', reason: 'wait' } as const;
    const before = failed();
    const held = { ...before, status: heldNode(before, command, LATER) };
    const mended = changed(held);
    expect(getDueWork(mended)).toBe('nodeSync');
    // Every write of status adds this; this sync writes nothing else.
    const observedGeneration = mended.metadata.generation;
    const acknowledged = { ...mended, status: { ...mended.status, observedGeneration } };
    expect(getDueWork(acknowledged)).toBe('held');
    const status = resumedNode(acknowledged, { ...command, kind: 'resume' }, LATER);
    expect(getDueWork({ ...acknowledged, status })).toBe('nodeInit');
  });

  it('is not scaled to zero by a pause', () => {
    expect(getDueWork(changed(failed(), { paused: true }))).toBe('failed');
  });

  it('is brought up again by retry', () => {
    const node = failed();
    const status = retriedNode(node, LATER);
    expect(status).toMatchObject({ phase: 'Pending' });
    expect(getDueWork({ ...node, ...(status && { status }) })).toBe('nodeInit');
  });

  it('loses its stall, but keeps its last failure, when the next bring-up begins', () => {
    const status = startedInit(changed(failed()), { ...start, planId: 'plan-2' }, LATER);
    expect(status.phase).toBe('Initializing');
    expect(findCondition(status.conditions, 'Stalled')?.status).toBe('False');
    expect(status.plan).toMatchObject({ phase: 'Active', lastFailure: { step: 'config-apply' } });
  });
});

describe('retriedNode', () => {
  it('has nothing to change about a node that has not failed', () => {
    expect(retriedNode(initializing(), LATER)).toBeUndefined();
  });
});

describe('startedInit', () => {
  it('keeps a plan that is under way, and replaces it when other steps are due', () => {
    const node = initializing();
    expect(startedInit(node, start, LATER)).toEqual(node.status);
    const other = {
      ...start,
      steps: initSteps(['configure-genesis', 'config-apply', 'discover-peers']),
    };
    expect(startedInit(node, other, LATER).plan).toMatchObject({ id: 'plan-1', startedAt: LATER });
  });
});
