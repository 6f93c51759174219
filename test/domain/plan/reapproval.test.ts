import { describe, expect, it } from 'vitest';

import { completedPlan } from '../../../domain/plan/plan.ts';
import { withoutReapproval, withReapproval } from '../../../domain/plan/reapproval.ts';
import { NOW, plan, runningNode } from '../../support/sei-node.ts';

const run = { planId: 'plan-2', workflowId: 'w' };
const before = completedPlan(plan());
const node = runningNode({ status: { plan: before } });
const begun = withReapproval(node, node.status ?? {}, run, NOW);

describe('the plan of a sidecar that is marked ready again', () => {
  it('has that one step, and keeps what a rollback goes by', () => {
    expect(begun.plan).toMatchObject({
      id: 'plan-2',
      phase: 'Active',
      targetPhase: 'Running',
      targetImage: before.targetImage,
      previousImage: before.previousImage,
      tasks: [{ type: 'mark-ready', status: 'Pending' }],
    });
  });

  it('takes no other plan away that is under way', () => {
    const updating = runningNode({ status: { plan: plan() } });
    expect(withReapproval(updating, updating.status ?? {}, run, NOW)).toEqual(updating.status);
  });

  it('is complete once the sidecar is ready, whichever run began it', () => {
    expect(withoutReapproval(begun).plan).toMatchObject({
      phase: 'Complete',
      tasks: [{ type: 'mark-ready', status: 'Complete' }],
    });
    expect(withoutReapproval({ plan: plan() })).toEqual({ plan: plan() });
  });
});
