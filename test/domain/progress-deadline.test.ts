import { describe, expect, it } from 'vitest';

import { progressDeadline } from '../../domain/progress-deadline.ts';
import type { UpdatePolicy } from '../../domain/sei-node.ts';
import { EARLIER, NOW, plan, runningNode } from '../support/sei-node.ts';

describe('progressDeadline', () => {
  it.each<[UpdatePolicy | undefined, string, boolean]>([
    [undefined, '2026-01-01T11:10:00.000Z', false],
    [{}, '2026-01-01T11:10:00.000Z', false],
    [{ progressDeadlineSeconds: 60 }, '2026-01-01T11:01:00.000Z', false],
    [{ autoRollback: true }, '2026-01-01T11:10:00.000Z', true],
  ])('of policy %o is counted from the start of the plan', (updatePolicy, at, autoRollback) => {
    const spec = updatePolicy === undefined ? {} : { updatePolicy };
    const node = runningNode({ spec, status: { plan: plan({ startedAt: EARLIER }) } });
    expect(progressDeadline(node, NOW)).toEqual({ at, autoRollback });
  });

  it('is counted from now where no plan says when it began', () => {
    expect(progressDeadline(runningNode(), NOW).at).toBe('2026-01-01T12:10:00.000Z');
  });
});
