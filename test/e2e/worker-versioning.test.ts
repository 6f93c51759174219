import { describe, expect } from 'vitest';

import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

const CANNOT_PULL = 'ghcr.io/sei-protocol/sei:cannot-pull';

const it = testbedTest('versioned', ['watcher']);

describe('workers of two versions', () => {
  it('get work once their version is made current, and take over a run that is under way', async ({
    bed,
  }) => {
    const first = await bed.start('worker', versionOf(bed, 'b1'));
    await makeCurrent(bed, 'b1');
    await bed.nodes.createRunning('n0', V1);
    await bed.nodes.setImage('n0', V2);
    await bed.nodes.untilSettledOn('n0', V2);

    // The run waits for a person, as it may for weeks.
    await bed.nodes.setImage('n0', CANNOT_PULL);
    await bed.nodes.until(
      'n0',
      'it is stalled',
      (node) => conditionOf(node, 'Stalled')?.startsWith('True') === true,
    );
    await bed.start('worker', versionOf(bed, 'b2'));
    await makeCurrent(bed, 'b2');
    await first.stop('SIGTERM');
    await bed.nodes.setImage('n0', V3);
    await bed.nodes.untilSettledOn('n0', V3);

    const runs = await bed.runs.rolls(bed.key('n0'));
    const last = runs.at(-1);
    const history = await bed.temporal.workflow
      .getHandle(last?.workflowId ?? '', last?.runId)
      .fetchHistory();
    const builds = (history.events ?? []).flatMap(
      (event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? [],
    );
    expect([...new Set(builds)]).toEqual(['b1', 'b2']);
  });
});

function versionOf(bed: Testbed, build: string) {
  return {
    SEINODE_WORKER_DEPLOYMENT_NAME: bed.namespace,
    SEINODE_WORKER_BUILD_ID: build,
  };
}

/** Does what an operator does with `temporal worker deployment set-current-version`. */
async function makeCurrent(bed: Testbed, buildId: string): Promise<void> {
  const { workflowService } = bed.temporal.connection;
  const { namespace } = bed.temporal.options;
  await eventually(`version ${buildId} is current`, async () => {
    await workflowService.setWorkerDeploymentCurrentVersion({
      namespace,
      deploymentName: bed.namespace,
      buildId,
    });
    return true;
  });
}
