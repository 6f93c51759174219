import { describe, expect, it } from 'vitest';

import { QUIET_MS, shownStall, stallOf, stallOutcome } from '../../../domain/node/stall.ts';
import type { RolloutProgress } from '../../../domain/pod/rollout-progress.ts';
import { statusWithConditions } from '../../../domain/status/status-conditions.ts';
import { NOW, seiNode } from '../../support/sei-node.ts';

const blocked = (reason: 'CrashLoopBackOff' | 'ImagePullBackOff') =>
  ({ kind: 'blocked', trouble: { reason, message: 'as the kubelet says' } }) as const;
const progressing: Exclude<RolloutProgress, { kind: 'complete' | 'blocked' }> = {
  kind: 'progressing',
  updated: 0,
  desired: 1,
  waitingFor: 'the new pod to be created',
  subject: undefined,
};
const known = { reason: 'CrashLoopBackOff', message: 'as it was then' } as const;

describe('stallOutcome', () => {
  it('reports a trouble at once', () => {
    expect(stallOutcome(blocked('CrashLoopBackOff'), undefined, 0)).toEqual({
      kind: 'blocked',
      stall: { reason: 'CrashLoopBackOff', message: 'as the kubelet says' },
    });
    expect(stallOutcome(blocked('ImagePullBackOff'), known, 0)).toMatchObject({ kind: 'blocked' });
  });

  it('does not report the same trouble again in other words', () => {
    expect(stallOutcome(blocked('CrashLoopBackOff'), known, 0)).toEqual({ kind: 'same' });
  });

  it('takes a trouble for over once none was seen for a while', () => {
    expect(stallOutcome(progressing, known, 0)).toEqual({ kind: 'same' });
    expect(stallOutcome(progressing, known, QUIET_MS - 1)).toEqual({ kind: 'same' });
    expect(stallOutcome(progressing, known, QUIET_MS)).toEqual({ kind: 'unblocked' });
  });

  it('ends no stall that never was', () => {
    expect(stallOutcome(progressing, undefined, QUIET_MS)).toEqual({ kind: 'same' });
  });
});

describe('stallOf', () => {
  const node = (status: 'True' | 'False') => {
    const stalled = { type: 'Stalled', status, ...known } as const;
    return statusWithConditions(seiNode(), [stalled], NOW);
  };

  it('is what the condition says while it is True', () => {
    expect(stallOf(node('True'))).toEqual(known);
    expect(stallOf(node('False'))).toBeUndefined();
    expect(stallOf(undefined)).toBeUndefined();
  });
});

describe('shownStall', () => {
  const exceeded = { reason: 'ProgressDeadlineExceeded', message: 'late' } as const;

  it('is what holds the node back, or that it is late, or nothing', () => {
    expect(shownStall(known, undefined)).toEqual(known);
    expect(shownStall(undefined, exceeded)).toEqual(exceeded);
    expect(shownStall(undefined, undefined)).toBeUndefined();
  });

  it('keeps the cause of a node that is late, and says that it is late once', () => {
    const shown = { reason: 'CrashLoopBackOff', message: 'as it was then; late' } as const;
    expect(shownStall(known, exceeded)).toEqual(shown);
    expect(shownStall(shown, exceeded)).toEqual(shown);
  });
});
