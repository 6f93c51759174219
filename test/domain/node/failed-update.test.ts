import { describe, expect, it } from 'vitest';

import { standingFailure } from '../../../domain/node/failed-update.ts';
import type { SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import { NOW, plan } from '../../support/sei-node.ts';

const failedPlan = plan({ phase: 'Failed' });

const failed = (reason: string): SeiNodeStatus => ({
  plan: failedPlan,
  conditions: [
    {
      type: 'NodeUpdateInProgress',
      status: 'False',
      reason,
      message: 'what became of it',
      lastTransitionTime: NOW,
    },
  ],
});

describe('a failure', () => {
  it('stands while the update that failed is asked for', () => {
    expect(standingFailure(failed('UpdateFailed'))).toBe(failedPlan);
  });

  it('stands for a bring-up, which no condition withdraws', () => {
    expect(standingFailure({ plan: failedPlan })).toBe(failedPlan);
  });

  it('is over once its update is withdrawn', () => {
    expect(standingFailure(failed('UpdateWithdrawn'))).toBeUndefined();
  });

  it('is none while a plan is under way, or complete', () => {
    expect(standingFailure({ plan: plan() })).toBeUndefined();
    expect(standingFailure({ plan: plan({ phase: 'Complete' }) })).toBeUndefined();
    expect(standingFailure(undefined)).toBeUndefined();
  });
});
