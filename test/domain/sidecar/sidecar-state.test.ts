import { describe, expect, it } from 'vitest';

import type { SidecarState } from '../../../domain/sidecar/sidecar-state.ts';
import { isSidecarRecorded, sidecarCondition } from '../../../domain/sidecar/sidecar-state.ts';
import { statusWithConditions } from '../../../domain/status/status-conditions.ts';
import { NOW, runningNode } from '../../support/sei-node.ts';

const STATES: readonly SidecarState[] = ['ready', 'not-ready', 'unreachable'];

describe('sidecarCondition', () => {
  it.each([
    ['ready', 'True', 'Ready'],
    ['not-ready', 'False', 'NotReady'],
    ['unreachable', 'Unknown', 'Unreachable'],
  ] as const)('of a sidecar that is %s is %s/%s', (state, status, reason) => {
    expect(sidecarCondition(state)).toMatchObject({ type: 'SidecarReady', status, reason });
  });
});

describe('isSidecarRecorded', () => {
  it.each(STATES)('holds for what status says, which is %s, and for nothing else', (recorded) => {
    const node = runningNode();
    const status = statusWithConditions(node, [sidecarCondition(recorded)], NOW);
    const held = STATES.filter((state) => isSidecarRecorded({ ...node, status }, state));
    expect(held).toEqual([recorded]);
  });

  it('holds for nothing where status says nothing', () => {
    expect(STATES.filter((state) => isSidecarRecorded(runningNode(), state))).toEqual([]);
  });
});
