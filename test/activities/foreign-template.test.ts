import { beforeEach, expect, it } from 'vitest';

import type { ReplacePodInput } from '../../activities/contract/rollout.ts';
import { NODE, V1 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { applied, rollingBed, TO_V2 } from './activity-bed.ts';

let bed: ActivityBed;
let rollout: ReplacePodInput;

beforeEach(async () => {
  ({ bed, rollout } = await rollingBed());
});

/** Somebody gives the StatefulSet another image, right after it was applied. */
function setImage(): void {
  bed.cluster.setImage(NODE, 'sei:theirs');
  bed.cluster.controller.observe();
}

it('replaces no pod for a template that is not the one that was applied', async () => {
  setImage();
  expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'superseded' });
  expect(bed.cluster.requests.of('deletePod')).toEqual([]);
});

it('sees that by a live read, too, where the cache is behind', async () => {
  bed.cluster.cache.freeze('statefulSet');
  setImage();
  expect(await bed.run('replacePod', rollout)).toEqual({ kind: 'superseded' });
  expect(bed.cluster.requests.of('deletePod')).toEqual([]);
});

it('takes no pod of such a template for evidence, and goes on once ours is applied again', async () => {
  await bed.run('replacePod', rollout);
  setImage();
  bed.cluster.settle();
  const observe = (of: ReplacePodInput) =>
    bed.run('observeImage', { ...of, known: undefined, revision: 'newest' });
  expect(await observe(rollout)).toEqual({ kind: 'superseded' });
  expect(bed.node.status?.currentImage).toBe(V1);
  const again = await applied(bed, TO_V2);
  bed.cluster.controller.observe();
  await bed.run('replacePod', again);
  bed.cluster.settle();
  expect(await observe(again)).toMatchObject({ kind: 'complete', pod: { image: TO_V2.image } });
});

it('does not mind a change of something else', async () => {
  bed.cluster.editStatefulSet(NODE, { minReadySeconds: 1 });
  bed.cluster.controller.observe();
  expect(await bed.run('replacePod', rollout)).toMatchObject({ kind: 'replaced' });
});
