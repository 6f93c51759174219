import { beforeEach, describe, expect, it } from 'vitest';

import { NODE, V1, V2 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { runningBed, TO_V1, TO_V2 } from './activity-bed.ts';

const ANOTHER = { ...NODE, uid: 'another' };

let bed: ActivityBed;

beforeEach(async () => {
  bed = await runningBed();
});

describe('read-target', () => {
  it('is what the node wants, whatever a cache has seen of it', async () => {
    bed.cluster.cache.freeze();
    bed.cluster.editSpec(NODE, { image: V2 });
    expect(await bed.run('readTarget', { node: NODE, atLeastGeneration: 2 })).toEqual({
      generation: 2,
      target: TO_V2,
    });
    bed.cluster.editStatus(NODE, { rollback: { rejectedImage: V2, image: V1, generation: 2 } });
    expect(await bed.run('readTarget', { node: NODE, atLeastGeneration: 2 })).toEqual({
      generation: 2,
      target: TO_V1,
    });
  });

  it('is undefined when the node is gone or is another one', async () => {
    expect(await bed.run('readTarget', { node: ANOTHER, atLeastGeneration: 1 })).toBeUndefined();
    bed.cluster.removeNode(NODE);
    expect(await bed.run('readTarget', { node: NODE, atLeastGeneration: 1 })).toBeUndefined();
  });
});
