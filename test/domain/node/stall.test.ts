import { describe, expect, it } from 'vitest';

import { QUIET_MS, shownStall, stallChange, stallOf } from '../../../domain/node/stall.ts';
import { statusWithConditions } from '../../../domain/status/status-conditions.ts';
import { NOW, seiNode } from '../../support/sei-node.ts';

const trouble = (reason: 'CrashLoopBackOff' | 'ImagePullBackOff') =>
  ({ reason, message: 'as the kubelet says' }) as const;
const known = { reason: 'CrashLoopBackOff', message: 'as it was then' } as const;

describe('stallChange', () => {
  it('reports a trouble at once', () => {
    expect(stallChange(trouble('CrashLoopBackOff'), undefined, 0)).toEqual({
      kind: 'blocked',
      trouble: { reason: 'CrashLoopBackOff', message: 'as the kubelet says' },
    });
    expect(stallChange(trouble('ImagePullBackOff'), known, 0)).toMatchObject({ kind: 'blocked' });
  });

  it('does not report the same trouble again in other words', () => {
    expect(stallChange(trouble('CrashLoopBackOff'), known, 0)).toBeUndefined();
  });

  it('takes a trouble for over once none was seen for a while', () => {
    expect(stallChange(undefined, known, 0)).toBeUndefined();
    expect(stallChange(undefined, known, QUIET_MS - 1)).toBeUndefined();
    expect(stallChange(undefined, known, QUIET_MS)).toEqual({ kind: 'unblocked' });
  });

  it('ends no stall that never was', () => {
    expect(stallChange(undefined, undefined, QUIET_MS)).toBeUndefined();
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
