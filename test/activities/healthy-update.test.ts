import { describe, expect, it } from 'vitest';

import { NODE, V1, V2 } from '../support/sei-node.ts';
import { applied, BEGIN, driftedBed, PLAN, runningBed, TO_V2 } from './activity-bed.ts';

/** The budget of docs/design.md for one healthy update, however long the rollout. */
const MOST_REQUESTS = 16;

async function updateOnce() {
  const bed = await driftedBed();
  const { cluster } = bed;
  const begun = await bed.run('beginUpdate', BEGIN);
  const [rollout] = await Promise.all([applied(bed, TO_V2), bed.run('applyService', PLAN)]);
  const replacing = bed.run('replacePod', rollout);
  cluster.controller.observe();
  await replacing;
  const observing = bed.start('observeImage', { ...rollout, known: undefined, revision: 'newest' });
  cluster.settle();
  const seen = await observing.result;
  if (seen.kind !== 'complete') throw new Error(`observe-image answered ${seen.kind}`);
  await bed.run('markReady', { ...rollout, pod: seen.pod, taskId: 'task-1', known: undefined });
  const finished = await bed.run('finishUpdate', PLAN);
  return { bed, begun, finished };
}

describe('a healthy update', () => {
  it('takes the node from one image to the other', async () => {
    const { bed, begun, finished } = await updateOnce();
    expect(begun).toMatchObject({ kind: 'begun', generation: 2, target: TO_V2, previousImage: V1 });
    expect(finished).toMatchObject({ kind: 'finished', due: { kind: 'nothing' } });
    expect(bed.node.status).toMatchObject({
      observedGeneration: 2,
      phase: 'Running',
      currentImage: V2,
      plan: { phase: 'Complete', targetImage: V2, previousImage: V1 },
      history: [{ from: V1, to: V2, outcome: 'Complete' }],
    });
    expect(bed.cluster.pods(NODE).map((pod) => pod.containers.at(-2)?.image)).toEqual([V2]);
    expect(bed.cluster.events.map(({ reason }) => reason)).toEqual([
      'StatefulSetCreated',
      'PhaseTransition',
      'UpdateStarted',
      'UpdateComplete',
    ]);
  });

  it('stays within its budget of requests', async () => {
    const { bed } = await updateOnce();
    const methods = bed.cluster.requests.all.map(({ method }) => method);
    expect(methods).toHaveLength(16);
    expect(methods.length).toBeLessThanOrEqual(MOST_REQUESTS);
  });

  it('asks the API live for nothing but what it is about to delete, or to speak to', async () => {
    const { bed } = await updateOnce();
    const reads = bed.cluster.requests.all.filter(({ changed }) => !changed);
    expect(reads.map(({ method }) => method).toSorted()).toEqual([
      'applyService',
      'dryRunPod',
      'getNode',
      'getPersistentVolumeClaim',
      'getPod',
      'getPod',
      'getStatefulSet',
      'listPods',
    ]);
  });

  it('deletes one pod', async () => {
    const { bed } = await updateOnce();
    expect(bed.cluster.requests.of('deletePod')).toHaveLength(1);
  });
});

describe('a bring-up', () => {
  it('ends on the image that was observed, with nothing due', async () => {
    const bed = await runningBed();
    expect(bed.node.status).toMatchObject({ phase: 'Running', currentImage: V1 });
    expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeUpdate' })).toMatchObject({
      kind: 'nothing',
    });
    expect(bed.cluster.inventory.filter((one) => !one.startsWith('events '))).toEqual([
      'claims default/data-n0',
      'configMaps default/n0-rbac-proxy-config',
      'nodes default/n0',
      'pods default/n0-0',
      'services default/n0',
      'statefulSets default/n0',
    ]);
  });
});
