import { describe, expect, it } from 'vitest';

import { waitSeconds } from '../../../cli/node/wait-seconds.ts';
import { runningNode } from '../../support/sei-node.ts';

describe('waitSeconds', () => {
  it('is ten minutes, and the grace of the spec on top', () => {
    expect(waitSeconds(runningNode())).toBe(600);
    const patient = runningNode({ spec: { terminationGracePeriodSeconds: 3_600 } });
    expect(waitSeconds(patient)).toBe(4_200);
  });
});
