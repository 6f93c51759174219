import { beforeEach, describe, expect, it } from 'vitest';

import { V1 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { applied, BEGIN, PLAN, TO_V1, updatingBed } from './activity-bed.ts';

let bed: ActivityBed;

/** A rollback is a write of status: the generation stays, and a cache that is behind shows the old target. */
beforeEach(async () => {
  bed = await updatingBed();
  bed.cluster.cache.freeze('node');
  const command = { kind: 'rollback', actor: 'kim', reason: 'it forks' } as const;
  await bed.run('steer', { ...PLAN, command, by: 'somebody' });
});

describe('an attempt at the image of a rollback that the cache has not seen', () => {
  it('begins, and applies', async () => {
    const begun = await bed.run('beginUpdate', BEGIN);
    expect(begun).toMatchObject({ kind: 'begun', generation: 2, target: TO_V1 });
    const attempt = { ...PLAN, target: TO_V1, generation: 2 };
    expect(await bed.run('applyStatefulSet', attempt)).toMatchObject({ kind: 'applied' });
  });

  it('watches on', async () => {
    await bed.run('beginUpdate', BEGIN);
    const rollout = await applied(bed, TO_V1);
    const input = { ...rollout, known: undefined, revision: 'newest' } as const;
    expect(await bed.run('observeImage', input)).toMatchObject({
      kind: 'complete',
      pod: { image: V1 },
    });
  });
});
