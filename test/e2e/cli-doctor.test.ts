import { describe, expect } from 'vitest';

import { eventually } from '../support/eventually.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import { cli } from './cli-in-namespace.ts';

const it = testbedTest('cli-doctor', ['worker', 'watcher']);

describe('doctor', () => {
  it('finds all well on the devcluster, but for a watcher of which it knows nothing', async ({
    bed,
  }) => {
    const { code, stdout } = await cli(bed, 'doctor');
    expect(code).toBe(0);
    const verdicts = stdout.split('\n').filter((line) => /^\w/.test(line));
    expect(verdicts).toHaveLength(13);
    expect(verdicts.filter((line) => !line.startsWith('ok'))).toEqual([
      expect.stringMatching(/^warn +watcher +unknown: there is no Lease /),
    ]);
  });

  it('says who leads the watchers, and that nobody does', async ({ bed }) => {
    const elected = await bed.start('watcher', {
      SEINODE_LEADER_ELECTION: 'true',
      POD_NAME: 'elected',
      POD_NAMESPACE: bed.namespace,
    });
    const lease = `${bed.namespace}/seinode-watcher`;
    await bed.kubectl([
      'wait',
      'lease/seinode-watcher',
      '--for=jsonpath={.spec.holderIdentity}=elected',
      '--timeout=60s',
    ]);
    const { code, stdout } = await cli(bed, 'doctor');
    expect(stdout).toMatch(new RegExp(`^ok +watcher +elected holds Lease ${lease}, renewed`, 'm'));
    expect(code).toBe(0);

    // The watcher gives the Lease back.
    await elected.stop('SIGTERM');
    const without = await cli(bed, 'doctor');
    expect(without.stdout).toMatch(
      new RegExp(`^fail +watcher +no watcher holds Lease ${lease}$`, 'm'),
    );
    expect(without.code).toBe(1);

    const stale = { holderIdentity: 'killed', renewTime: '2000-01-01T00:00:00.000000Z' };
    const patch = JSON.stringify({ spec: stale });
    await bed.kubectl(['patch', 'lease', 'seinode-watcher', '--type=merge', '-p', patch]);
    const killed = await cli(bed, 'doctor', '-o', 'json');
    expect(JSON.parse(killed.stdout)).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          name: 'watcher',
          verdict: 'fail',
          found: expect.stringContaining(`killed held Lease ${lease}, renewed `) as unknown,
          remedy: expect.stringContaining('start a watcher') as unknown,
        }),
      ]) as unknown,
    });
    expect(killed.code).toBe(1);
  });

  it('finds what is wrong, each with a remedy', async ({ bed }) => {
    const words = ['doctor', '--task-queue', 'nobodys', '-o', 'json'];
    const { code, stdout } = await cli(bed, ...words);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          name: 'workers',
          verdict: 'fail',
          remedy: expect.stringContaining('start a worker') as unknown,
        }),
      ]) as unknown,
    });
    const elsewhere = await cli(bed, 'doctor', '--temporal-namespace', 'nowhere');
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stdout).toContain('nowhere does not exist');
  });

  it('warns of a task queue that another installation uses too', async ({ bed }) => {
    const run = await bed.temporal.workflow.start('nodeSync', {
      workflowId: 'seinode/another-cluster/default/n0',
      taskQueue: bed.namespace,
      args: [{ node: { namespace: 'default', name: 'n0', uid: 'another' } }],
    });
    // The worker refuses the steps of the run, so that it stays open.
    const { stdout } = await cli(bed, 'doctor');
    expect(stdout).toMatch(/^warn +task queue +1 runs on \S+ are not of cluster /m);
    await eventually('its step is refused', async () => {
      const { raw } = await run.describe();
      const [step] = raw.pendingActivities ?? [];
      return step?.lastFailure?.message?.includes(`serves cluster ${bed.namespace},`) === true;
    });
    await run.terminate();
  });
});
