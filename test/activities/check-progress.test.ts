import { beforeEach, describe, expect, it } from 'vitest';

import { platform } from '../manifests/fixtures.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN, updatingBed } from './activity-bed.ts';

let bed: ActivityBed;
beforeEach(async () => {
  bed = await updatingBed();
});

const checked = () => bed.run('checkProgress', PLAN);

describe('check-progress', () => {
  it('says whether a pod of the node ends within its grace, by a live read', async () => {
    expect(await checked()).toMatchObject({ isPodInGrace: false });
    bed.cluster.cache.freeze();
    bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    bed.advanceClock(platform.terminationGraceSeconds - 1);
    expect(await checked()).toMatchObject({ isPodInGrace: true });
    bed.advanceClock(10);
    expect(await checked()).toMatchObject({ isPodInGrace: false });
  });
});
