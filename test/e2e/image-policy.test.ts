import { describe, expect } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

const OTHERS = 'registry.example.com/somebody/sei:v2';
const OTHERS_SIDECAR = 'registry.example.com/somebody/seictl:v1';
/** The registries that the devcluster's platform settings name. */
const ALLOWED = ['ghcr.io/sei-protocol', 'quay.io/brancz/kube-rbac-proxy'];
const POLICY = { SEINODE_ALLOWED_IMAGES: ALLOWED.join(',') };
const REFUSAL = `this installation allows only images of ${ALLOWED.join(', ')}`;

const it = testbedTest('image-policy', []).extend(
  'operator',
  { scope: 'file', auto: true },
  async ({ bed }) => {
    await Promise.all([bed.start('worker', POLICY), bed.start('watcher', POLICY)]);
  },
);

describe('an image that the installation does not allow', () => {
  it('stalls a new node before anything is made of it, until it is corrected', async ({ bed }) => {
    await bed.nodes.create('new', { image: OTHERS });
    const stalled = await untilRefused(bed, 'new');
    expect(messageOf(stalled)).toContain(`spec.image is "${OTHERS}": ${REFUSAL}`);
    expect(bed.statefulSets.uids('new')).toHaveLength(0);
    expect(bed.pods.uids('new')).toHaveLength(0);
    const kinds = 'persistentvolumeclaim,service,configmap';
    expect(await bed.kubectl(['get', kinds, '-l', 'sei.io/node=new', '-o', 'name'])).toBe('');

    await bed.nodes.setImage('new', V1);
    const mended = await bed.nodes.untilSettledOn('new', V1);
    expect(conditionOf(mended, 'Stalled')).not.toMatch(/^True/);
    expect(bed.pods.uids('new')).toHaveLength(1);
  });

  it('fails an update before the pod is touched, until it is corrected', async ({ bed }) => {
    await bed.nodes.createRunning('update', V1);
    await bed.nodes.setImage('update', OTHERS);
    const failed = await bed.nodes.until(
      'update',
      'its update has failed',
      (node) => conditionOf(node, 'NodeUpdateInProgress') === 'False/UpdateFailed',
    );
    expect(failed.status).toMatchObject({
      phase: 'Running',
      currentImage: V1,
      plan: { lastFailure: { reason: 'InvalidSpec' } },
    });
    expect(failed.status?.plan?.lastFailure?.message).toContain(REFUSAL);
    expect(bed.pods.uids('update')).toHaveLength(1);

    await bed.nodes.setImage('update', V2);
    await bed.nodes.untilSettledOn('update', V2);
    expect(bed.pods.uids('update')).toHaveLength(2);
  });

  it('is refused for the sidecar too', async ({ bed }) => {
    await bed.nodes.create('sidecar', { image: V1, sidecar: { image: OTHERS_SIDECAR } });
    const stalled = await untilRefused(bed, 'sidecar');
    expect(messageOf(stalled)).toContain(`spec.sidecar.image is "${OTHERS_SIDECAR}": ${REFUSAL}`);
    await bed.nodes.patchSpec('sidecar', { sidecar: null });
    await bed.nodes.untilSettledOn('sidecar', V1);
  });
});

describe('what is no image at all', () => {
  it('is refused with how to write one', async ({ bed }) => {
    await bed.nodes.create('typo', { image: 'ghcr.io/sei-protocol/sei v1' });
    const stalled = await untilRefused(bed, 'typo');
    expect(messageOf(stalled)).toContain('it is no image reference; write it as REGISTRY');
    await bed.nodes.setImage('typo', V1);
    await bed.nodes.untilSettledOn('typo', V1);
  });
});

function untilRefused(bed: Testbed, node: string): Promise<SeiNode> {
  return bed.nodes.until(
    node,
    'it is stalled for its spec',
    (version) => conditionOf(version, 'Stalled') === 'True/InvalidSpec',
  );
}

function messageOf(node: SeiNode): string | undefined {
  return findCondition(node.status?.conditions, 'Stalled')?.message;
}
