import { describe, expect, it } from 'vitest';

import { withCondition } from '../../../domain/node/condition.ts';
import { conditionReason, LONGEST_TEXT, statusText } from '../../../domain/node/status-text.ts';
import { activePlan, failedPlan } from '../../../domain/plan/plan.ts';
import { NOW } from '../../support/sei-node.ts';

describe('statusText', () => {
  it('is bounded, and holds nothing that a terminal would act on', () => {
    expect(statusText('no \u001B[2Kspace\u202E left')).toBe('no [2Kspace left');
    expect(statusText('x'.repeat(40_000))).toHaveLength(LONGEST_TEXT);
  });
});

describe('conditionReason', () => {
  it.each(['Refused', 'sidecar_http', 'A:b,C', 'x'])('keeps %s', (reason) => {
    expect(conditionReason(reason)).toBe(reason);
  });

  it.each(['', 'sidecar-http', '1st', 'ends:', 'two words', 'x'.repeat(1_025)])(
    'takes nothing that the CRD refuses: "%s"',
    (reason) => {
      expect(conditionReason(reason)).toBe('Unexpected');
    },
  );
});

describe('a status', () => {
  const message = `\u0007${'x'.repeat(40_000)}`;

  it('has conditions that the CRD takes, whatever somebody wrote', () => {
    const update = { type: 'Stalled', status: 'True', reason: 'sidecar-http', message } as const;
    const [condition] = withCondition([], update, 1, NOW);
    expect(condition?.reason).toBe('Unexpected');
    expect(condition?.message).toHaveLength(LONGEST_TEXT);
    expect(condition?.message).not.toContain('\u0007');
  });

  it('has a plan whose failure is bounded, in both places that name it', () => {
    const plan = activePlan({
      id: 'plan',
      workflowId: 'seinode/eu1/default/n0',
      targetImage: 'sei:v1',
      previousImage: undefined,
      steps: ['config-apply'],
      startedAt: NOW,
      lastFailure: undefined,
    });
    const failure = {
      step: 'config-apply',
      reason: 'SidecarTaskFailed',
      message,
      at: NOW,
    } as const;
    const failed = failedPlan(plan, failure);
    expect(failed.lastFailure?.message).toHaveLength(LONGEST_TEXT);
    expect(failed.tasks[0]?.error).toHaveLength(LONGEST_TEXT);
  });
});
