import { describe, expect } from 'vitest';

import { stallOf } from '../../domain/node/stall.ts';
import { SEARCH_ATTRIBUTES } from '../../domain/run/search-attribute.ts';
import { eventually } from '../support/eventually.ts';
import { V1, V2 } from '../support/sei-node.ts';
import type { FleetNode } from './fleet/fleet-node.ts';
import { fleetTest } from './fleet/fleet-test.ts';
import { historyLengths, openSmallHistories, SUGGESTED_EVENTS } from './long-histories.ts';

const V3 = 'sei:v3';
/** Beyond the suggestion: what is under way is cancelled, and its end awaited. */
const MARGIN = 40;

const it = fleetTest.override('temporal', { scope: 'file' }, openSmallHistories);

/** Neither of the two images can be pulled. */
function spoil({ bed }: FleetNode): void {
  bed.cluster.kubelet.fateOf = (image) =>
    image === V1 ? { kind: 'runs' } : { kind: 'waits', reason: 'ErrImagePull', message: 'denied' };
}

/** Wants the image, and resolves once its pod is seen to hold the node back. */
async function want(node: FleetNode, image: string): Promise<void> {
  node.edit({ image });
  await node.until(`it is stalled for ${image}`, ({ status }) => {
    const stall = stallOf(status);
    return stall !== undefined && stall.message.includes(`image ${image}`);
  });
}

describe('a node whose image flips for a long time', () => {
  const FLIPS = 24;
  let node: FleetNode;
  let firstRunId: string;

  it.beforeAll(async ({ fleet }) => {
    await fleet.searchAttributes.register();
    node = await fleet.add('flapping');
    spoil(node);
    await want(node, V2);
    firstRunId = (await node.run.describe()).runId;
    node.bed.cluster.requests.clear();
    for (let flip = 1; flip <= FLIPS; flip += 1) await want(node, flip % 2 === 0 ? V2 : V3);
  });

  it('has no run whose history grows much beyond what the server suggests', async ({ fleet }) => {
    const lengths = await historyLengths(fleet.client, node.workflowId, firstRunId);
    expect(lengths.length).toBeGreaterThan(4);
    expect(Math.max(...lengths)).toBeLessThan(SUGGESTED_EVENTS + MARGIN);
  });

  it('costs the same few writes for each flip', () => {
    const { requests } = node.bed.cluster;
    expect(node.deletions('deletePod')).toBe(FLIPS);
    const statusWrites = requests.of('patchNodeStatus').filter(({ changed }) => changed).length;
    // It begins, its pod is replaced, it is stalled; a run that continues in between begins once more.
    expect(statusWrites).toBeLessThanOrEqual(4 * FLIPS);
    expect(requests.of('applyStatefulSet').filter(({ changed }) => changed)).toHaveLength(FLIPS);
    expect(requests.of('applyService').filter(({ changed }) => changed)).toHaveLength(0);
  });

  it('reports each stuck image once', () => {
    const stalls = node.bed.cluster.events.filter(({ reason }) => reason === 'Stalled');
    expect(stalls).toHaveLength(2);
    expect(stalls.filter(({ message }) => message.includes(`image ${V2}`))).toHaveLength(1);
  });

  it('shows its state in its newest run', async () => {
    const { runId } = await node.run.describe();
    expect(runId).not.toBe(firstRunId);
    const details = async () => {
      const metadata = '__temporal_workflow_metadata';
      return (await node.run.query<{ readonly currentDetails: string }>(metadata)).currentDetails;
    };
    await eventually('it says what it waits for', async () =>
      (await details()).includes('waits for: `ImagePullBackOff to be mended'),
    );
    expect(await details()).toContain('step: `observe-image`');
    const { typedSearchAttributes } = await node.run.describe();
    const shown = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
    expect(Object.fromEntries(shown)).toMatchObject({
      [SEARCH_ATTRIBUTES.node]: 'n0',
      [SEARCH_ATTRIBUTES.image]: node.node?.spec.image,
      [SEARCH_ATTRIBUTES.step]: 'observe-image',
      [SEARCH_ATTRIBUTES.outcome]: 'Running',
    });
  });

  it('converges as soon as one of them can be pulled', async () => {
    node.bed.cluster.kubelet.fateOf = () => ({ kind: 'runs' });
    node.edit({ image: V3 });
    await node.untilIdle();
    expect(node.node?.status?.currentImage).toBe(V3);
    expect(stallOf(node.node?.status)).toBeUndefined();
  });
});
