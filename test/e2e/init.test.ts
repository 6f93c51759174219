import { describe, expect } from 'vitest';

import { targetFor } from '../../domain/node/target.ts';
import { SAMPLES } from '../manifests/fixtures.ts';
import { objectsOf } from '../manifests/node-objects.ts';
import { eventually } from '../support/eventually.ts';
import { changesOf, conditionOf } from '../support/testbed/node-conditions.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { repositoryFile } from './node-kubectl.ts';

const it = testbedTest('init', ['worker', 'watcher']).extend(
  'node',
  { scope: 'file' },
  async ({ bed }) => {
    await bed.nodes.createRunning('n0', V1);
    const runs = await bed.runs.rolls(bed.key('n0'));
    return { runs, versions: bed.nodes.versions('n0'), now: await bed.nodes.get('n0') };
  },
);

describe('a new SeiNode', () => {
  it('goes from Pending over Initializing to Running', ({ node }) => {
    const phases = changesOf(node.versions, ({ status }) => status?.phase ?? 'Pending');
    expect(phases).toEqual(['Pending', 'Initializing', 'Running']);
  });

  it('has the image that its pod was seen to run as its current image', async ({ bed, node }) => {
    expect(node.now.status?.currentImage).toBe(V1);
    expect(bed.pods.versions(podNameOf('n0')).at(-1)?.seidImage).toBe(V1);
    // Not before there was a pod to see.
    const early = node.versions.filter(({ status }) => status?.statefulSet === undefined);
    expect(early.map(({ status }) => status?.currentImage)).not.toContain(V1);
  });

  it('tracks the StatefulSet that was created', async ({ bed, node }) => {
    const created = await bed.apps.readNamespacedStatefulSet(bed.key('n0'));
    expect(node.now.status?.statefulSet).toEqual({ name: 'n0', uid: created.metadata?.uid });
  });

  it('is followed by no update, and no condition speaks of one', ({ node }) => {
    expect(node.runs.map(({ type }) => type)).toEqual(['nodeInit']);
    expect(conditionOf(node.now, 'NodeUpdateInProgress')).toBeUndefined();
  });

  it('has a pod that was never replaced, and is ready', async ({ bed }) => {
    expect(bed.pods.uids('n0')).toHaveLength(1);
    await bed.kubectl(['wait', '--for=condition=Ready', 'pod/n0-0', '--timeout=60s']);
  });

  it('has the objects that are rendered for it', async ({ bed, node }) => {
    const target = targetFor(node.now, bed.platform.images.sidecar);
    const items = objectsOf(node.now, target, bed.platform);
    const list = { apiVersion: 'v1', kind: 'List', items };
    // Ends with exit code 1 when another apply would change anything, and also when a controller writes status between
    // its two reads: only a difference of ours would stay.
    const diff = ['diff', '--server-side', '--field-manager=seinode-controller', '-f', '-'];
    await eventually('they would change nothing', async () => {
      await bed.kubectl(diff, { input: JSON.stringify(list) });
      return true;
    });
  });
});

describe('the samples', () => {
  it.for(SAMPLES)('%s comes up', async (sample, { bed }) => {
    const file = repositoryFile(`deploy/samples/${sample}.yaml`);
    const name = (
      await bed.kubectl(['apply', '-f', file, '-o', 'jsonpath={.metadata.name}'])
    ).trim();
    const { spec } = await bed.nodes.get(name);
    await bed.nodes.untilSettledOn(name, spec.image);
  });
});
