import type { AwaitPodsGoneInput } from '../../activities/contract/rollout.ts';
import { findCondition } from '../../domain/node/condition.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN } from './activity-bed.ts';

/**
 * `await-pods-gone`, with controllers that act and a kubelet that ends a pod once the node has said that it
 * waits for that.
 */
export async function podsGone(
  bed: ActivityBed,
  because: AwaitPodsGoneInput['because'],
): Promise<unknown> {
  const { cluster } = bed;
  const looks = () => cluster.requests.of('getPod').length;
  let looked = looks();
  const world = setInterval(() => {
    cluster.collectGarbage();
    cluster.controller.createPods();
    cluster.controller.observe();
    if (saysSince(bed)) cluster.kubelet.endPods();
    // A cache that shows the past changes only with time.
    if (cluster.cache.staleMs(NODE) > 0 && looks() > looked) bed.advanceClock(10);
    looked = looks();
  }, 5);
  try {
    return await bed.run('awaitPodsGone', { ...PLAN, because, known: undefined });
  } finally {
    clearInterval(world);
  }
}

function saysSince({ cluster }: ActivityBed): boolean {
  const conditions = cluster.node(NODE)?.status?.conditions;
  return (['PodRunning', 'Paused'] as const).some(
    (type) => findCondition(conditions, type)?.message.includes('terminating since') === true,
  );
}
