import { beforeEach, describe, expect, it } from 'vitest';

import { RunsBefore } from '../../../temporal/runs/runs-before.ts';
import { seiNode } from '../../support/sei-node.ts';

const MINUTE_MS = 60_000;

let nowMs = 0;
let runs: RunsBefore;

beforeEach(() => {
  nowMs = 0;
  runs = new RunsBefore(() => nowMs);
});

describe('RunsBefore', () => {
  it('counts the runs that were started for the same work, and not the signals to them', () => {
    const node = seiNode();
    const counted = ['one', 'one', 'two', 'two', 'three'].map((runId) => {
      const before = runs.of(node, 'nodeSync drift');
      runs.add(node, 'nodeSync drift', runId);
      return before;
    });
    expect(counted).toEqual([0, 1, 1, 2, 2]);
  });

  it('counts each kind of work separately', () => {
    runs.add(seiNode(), 'nodeSync drift', 'one');
    expect(runs.of(seiNode(), 'nodeSync sidecar')).toBe(0);
  });

  it('begins again with another spec, and with another node of the name', () => {
    runs.add(seiNode(), 'nodeSync', 'one');
    expect(runs.of(seiNode({ metadata: { generation: 2 } }), 'nodeSync')).toBe(0);
    runs.add(seiNode(), 'nodeSync', 'one');
    expect(runs.of(seiNode({ metadata: { uid: 'another' } }), 'nodeSync')).toBe(0);
  });

  it('forgets runs from before the longest pause and a resync', () => {
    runs.add(seiNode(), 'nodeSync', 'one');
    nowMs = 11 * MINUTE_MS;
    expect(runs.of(seiNode(), 'nodeSync')).toBe(1);
    nowMs = 21 * MINUTE_MS;
    expect(runs.of(seiNode(), 'nodeSync')).toBe(0);
  });

  it('remembers no more than a few kinds of work', () => {
    for (let nth = 0; nth < 50; nth += 1) runs.add(seiNode(), `nodeSync ${nth}`, 'one');
    expect(runs.of(seiNode(), 'nodeSync 0')).toBe(0);
    expect(runs.of(seiNode(), 'nodeSync 49')).toBe(1);
  });
});
