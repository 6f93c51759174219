import { describe, expect } from 'vitest';

import { SEID_CONTAINER } from '../../domain/pod/pod-view.ts';
import { nodeWorkflowId } from '../../domain/run/workflow-id.ts';
import { eventually } from '../support/eventually.ts';
import { changesOf, conditionOf } from '../support/testbed/node-conditions.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { healPod, SLOW_TERMINATE } from './stuck-updates.ts';

const HOUR = 3_600;

const it = testbedTest('grace', ['worker', 'watcher']);

describe('spec.terminationGracePeriodSeconds', () => {
  it('restarts no pod, is what the next roll ends the old one with, and is no lack of progress', async ({
    bed,
  }) => {
    const node = 'patient';
    await bed.nodes.createRunning(node, SLOW_TERMINATE);
    await bed.nodes.patchSpec(node, {
      terminationGracePeriodSeconds: HOUR,
      updatePolicy: { progressDeadlineSeconds: 5, autoRollback: true },
    });
    await bed.nodes.until(
      node,
      'its pod is of an older template',
      (version) => conditionOf(version, 'PodCurrent') === 'False/TemplateChanged',
    );
    const { spec } = await bed.apps.readNamespacedStatefulSet(bed.key(node));
    expect(spec?.template.spec?.terminationGracePeriodSeconds).toBe(HOUR);
    await bed.runs.closed(bed.key(node));
    expect(bed.pods.uids(node)).toHaveLength(1);

    await bed.nodes.setImage(node, V2);
    await untilItEnds(bed, node);
    const old = await readPod(bed, node);
    expect(old.metadata?.deletionGracePeriodSeconds).toBe(HOUR);
    expect(old.spec?.terminationGracePeriodSeconds).toBe(bed.platform.terminationGraceSeconds);
    // Each comes five seconds after the one before, or later.
    await eventually(
      'the deadline would have passed',
      async () => stalls(bed, node).length > 0 || (await looks(bed, node)) >= 3,
    );
    expect(stalls(bed, node)).toEqual([]);

    await healPod(bed, node);
    const { status } = await bed.nodes.untilSettledOn(node, V2);
    expect(stalls(bed, node)).toEqual([]);
    expect(status?.rollback).toBeUndefined();
    expect(bed.pods.uids(node)).toHaveLength(2);
    const young = await readPod(bed, node);
    expect(young.spec?.containers.find(({ name }) => name === SEID_CONTAINER)?.image).toBe(V2);
    expect(young.spec?.terminationGracePeriodSeconds).toBe(HOUR);
  });

  it('is given to a StatefulSet that waits for its pod to be gone, too', async ({ bed }) => {
    const node = 'rebuilt';
    const { status: before } = await bed.nodes.createRunning(node, SLOW_TERMINATE);
    await bed.runs.closed(bed.key(node));
    const args = ['statefulset', node, '--cascade=foreground', '--wait=false'];
    await bed.kubectl(['delete', ...args]);
    await untilItEnds(bed, node);
    await bed.nodes.setImage(node, V2);
    await eventually('its run has waited for longer than what is over in a moment', async () => {
      const workflowId = nodeWorkflowId(bed.namespace, bed.key(node));
      const { raw } = await bed.temporal.workflow.getHandle(workflowId).describe();
      // After the back-offs before that.
      return (raw.pendingActivities ?? []).some(({ attempt }) => (attempt ?? 0) >= 8);
    });
    expect(stalls(bed, node)).toEqual([]);

    await healPod(bed, node);
    const { status } = await bed.nodes.untilSettledOn(node, V2);
    expect(status?.statefulSet?.uid).not.toBe(before?.statefulSet?.uid);
    expect(stalls(bed, node)).toEqual([]);
  });
});

function untilItEnds(bed: Testbed, node: string): Promise<unknown> {
  return bed.pods.until(podNameOf(node), 'it ends', ({ isTerminating }) => isTerminating);
}

function readPod({ core, namespace }: Testbed, node: string) {
  return core.readNamespacedPod({ namespace, name: podNameOf(node) });
}

/** Counts how often the newest run has looked whether the node is late. */
async function looks(bed: Testbed, node: string): Promise<number> {
  const workflowId = nodeWorkflowId(bed.namespace, bed.key(node));
  const { runId } = await bed.temporal.workflow.getHandle(workflowId).describe();
  const activities = await bed.runs.activities({ workflowId, runId });
  return activities.filter(({ type }) => type === 'checkProgress').length;
}

/** Lists all that the node's status ever said it was held back by. */
function stalls(bed: Testbed, node: string): readonly (string | undefined)[] {
  const said = changesOf(bed.nodes.versions(node), (version) => conditionOf(version, 'Stalled'));
  return said.filter((condition) => condition?.startsWith('True') === true);
}
