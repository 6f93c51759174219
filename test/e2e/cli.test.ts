import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect } from 'vitest';

import type { RunProgress } from '../../domain/run/node-run.ts';
import { PROGRESS_QUERY } from '../../domain/run/node-run.ts';
import { runCliProcess } from '../cli/cli-process.ts';
import { temporaryDirectory } from '../devcluster/temporary-directory.ts';
import { eventually } from '../support/eventually.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { runOf } from '../support/testbed/steering.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { cli, userEnvironment, startCliIn } from './cli-in-namespace.ts';
import type { StuckUpdate } from './stuck-updates.ts';
import { CANNOT_PULL, stickUpdate, STUCK_UPDATES } from './stuck-updates.ts';

/** Nothing listens there: a port that only root may open. */
const NOWHERE = '127.0.0.1:1';

const it = testbedTest('cli', ['worker', 'watcher']);

async function stick(bed: Testbed, node: string): Promise<void> {
  await stickUpdate(bed, node, stuckAt('image-cannot-be-pulled'));
}

function stuckAt(what: string): StuckUpdate {
  const stuck = STUCK_UPDATES.find(({ at }) => at === what);
  if (stuck === undefined) throw new Error(`there is no update stuck at ${what}`);
  return stuck;
}

describe('set-image', () => {
  it('with --wait shows the way of the node and ends when it runs the image', async ({ bed }) => {
    await bed.nodes.createRunning('rolled', V1);
    const { code, stdout, stderr } = await cli(bed, 'set-image', 'rolled', V2, '--wait');
    expect(stderr).toBe(`spec.image of SeiNode rolled changed from ${V1} to ${V2}\n`);
    expect(stdout).toMatch(/updating, .* -> .*sei:v2/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`SeiNode rolled runs ${V2}`);
    expect(code).toBe(0);
    expect((await bed.nodes.get('rolled')).status?.currentImage).toBe(V2);

    const again = await cli(bed, 'set-image', 'rolled', V2, '--wait');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining(V2) as string });
  });

  it('that is not done in time ends with 3, and names what holds it up', async ({ bed }) => {
    await bed.nodes.createRunning('late', V1);
    const words = ['set-image', 'late', CANNOT_PULL, '--wait', '--timeout', '20s'];
    const { code, stderr } = await cli(bed, ...words);
    expect(code).toBe(3);
    expect(stderr).toContain('is not done within 20 s (ImagePullBackOff: ');
    await cli(bed, 'set-image', 'late', V1, '--wait');
  });

  it('refuses what is no image', async ({ bed }) => {
    const { code, stderr } = await cli(bed, 'set-image', 'rolled', 'no image');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^seinode: image "no image": .*\n$/);
  });
});

describe('pause', () => {
  it('holds a node with no run open, and resume lifts it', async ({ bed }) => {
    await bed.nodes.createRunning('idle', V1);
    await bed.runs.closed(bed.key('idle'));
    const paused = await cli(bed, 'pause', 'idle', '--reason', 'maintenance', '--as-actor', 'kim');
    expect(paused).toEqual({ code: 0, stdout: 'SeiNode idle is held until resume\n', stderr: '' });
    const { status } = await bed.nodes.get('idle');
    expect(status?.hold).toMatchObject({ reason: 'maintenance', actor: 'kim' });

    await cli(bed, 'set-image', 'idle', V2);
    const held = await cli(bed, 'watch', 'idle', '--timeout', '10s');
    expect(held.code).toBe(3);
    expect(held.stdout).toContain('held, Held: held by kim: maintenance');
    expect(bed.statefulSets.versions('idle').at(-1)?.image).toBe(V1);

    const resumed = await cli(bed, 'resume', 'idle');
    expect(resumed).toMatchObject({ code: 0, stdout: 'SeiNode idle is not held any more\n' });
    expect(await cli(bed, 'watch', 'idle')).toMatchObject({ code: 0 });
    expect((await bed.nodes.get('idle')).status?.currentImage).toBe(V2);

    const { stdout } = await cli(bed, 'history', 'idle');
    expect(stdout).toMatch(/Complete +sei:v1 +sei:v2 +\S+ +spec/);
    expect(stdout).toMatch(/Held +sei:v1 +sei:v1 +- +kim +maintenance/);
    expect(stdout).toContain(`${bed.cluster.temporalUiUrl}/namespaces/default/workflows/seinode`);
    // The actor is the user that the API server takes the kubeconfig's for.
    expect(stdout).toMatch(/Resumed .*kwok-admin/);
  });
});

describe('a refused command', () => {
  it('ends with 1 and the reason', async ({ bed }) => {
    await bed.nodes.createRunning('content', V1);
    // A command whose effect is already there succeeds.
    expect(await cli(bed, 'resume', 'content')).toEqual({
      code: 0,
      stdout: 'nothing to resume: SeiNode content is not held\n',
      stderr: '',
    });
    const rollback = await cli(bed, 'rollback', 'content');
    expect(rollback.code).toBe(1);
    expect(rollback.stderr).toContain(`no image is recorded that ran before ${V1}`);
  });

  it('about a node that is not there suggests one that is', async ({ bed }) => {
    await bed.nodes.createRunning('pacific-rpc-0', V1);
    const { code, stderr } = await cli(bed, 'status', 'pacific-rcp-0');
    expect(code).toBe(1);
    expect(stderr).toBe(
      `seinode: SeiNode ${bed.namespace}/pacific-rcp-0 does not exist; did you mean pacific-rpc-0?\n`,
    );
  });

  it('without the right to it names that right', async ({ bed }) => {
    const config: unknown = JSON.parse(
      await bed.kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']),
    );
    const text = JSON.stringify(config).replace('"user":{', '"user":{"as":"nobody",');
    const path = join(await temporaryDirectory(), 'kubeconfig');
    await writeFile(path, text);
    const words = ['list', '--kubeconfig', path, '-n', bed.namespace];
    const { code, stderr } = await runCliProcess(words, userEnvironment(bed));
    expect(code).toBe(1);
    expect(stderr).toContain('User "nobody" cannot list resource "seinodes"');
    expect(stderr).toContain('have that right granted to you');
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('list', () => {
  it('has trouble first, and needs no Temporal', async ({ bed }) => {
    await bed.nodes.createRunning('aa-fine', V1);
    await stick(bed, 'zz-stuck');
    const listed = await cli(bed, 'list', '--temporal-address', NOWHERE);
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    const names = listed.stdout.split('\n').map((line) => line.split(' ')[0]);
    expect(names[1]).toBe('zz-stuck');
    expect(names).toContain('aa-fine');
    expect(listed.stdout).toMatch(
      /^zz-stuck +stalled \S+ +sei:cannot-pull +sei:v1 +observe-image +ImagePullBackOff /m,
    );
    const { stdout } = await cli(bed, 'list', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ name: 'aa-fine', state: 'running', blockers: [] }),
      ]) as unknown,
    });
  });
});

describe('without Temporal', () => {
  it('status says what to do, and leaves out the link only', async ({ bed }) => {
    await stick(bed, 'asked');
    const down = await cli(bed, 'status', 'asked', '--temporal-address', NOWHERE);
    expect(down.code).toBe(0);
    expect(down.stdout).toContain(`set-image asked IMAGE -n ${bed.namespace}`);
    expect(down.stdout).not.toContain('web ui');
    expect(down.stderr).toMatch(/^without step times and links: cannot reach Temporal at /);
    const up = await cli(bed, 'status', 'asked');
    expect(up.stderr).toBe('');
    expect(up.stdout).toMatch(/✓ {2}apply-statefulset +\d/);
    expect(up.stdout).toMatch(/web ui +http:.*\/history/);
  });

  it('a command that steers ends with 4, and names where it looked', async ({ bed }) => {
    await bed.nodes.createRunning('unsteered', V1);
    const { code, stderr } = await cli(bed, 'pause', 'unsteered', '--temporal-address', NOWHERE);
    expect(code).toBe(4);
    expect(stderr).toMatch(/^seinode: cannot reach Temporal at 127\.0\.0\.1:1 .*\n$/);
    expect((await bed.nodes.get('unsteered')).status?.hold).toBeUndefined();
  });
});

describe('rollback', () => {
  it('of a stuck update answers, and watch ends with the image before', async ({ bed }) => {
    await stick(bed, 'regretted');
    const rolledBack = await cli(bed, 'rollback', 'regretted', '--reason', 'bad image');
    expect(rolledBack.stdout).toBe(
      `SeiNode regretted is rolled back from ${CANNOT_PULL} to ${V1}\n`,
    );
    const watched = await cli(bed, 'watch', 'regretted');
    expect(watched).toMatchObject({ code: 0 });
    expect(watched.stdout).toContain(`SeiNode regretted runs ${V1}`);
    // A person who asks for the rejected image again means it.
    expect(await cli(bed, 'set-image', 'regretted', CANNOT_PULL)).toMatchObject({ code: 0 });
    await bed.nodes.until(
      'regretted',
      'the image is tried again',
      ({ status }) => status?.rollback === undefined && status?.plan?.targetImage === CANNOT_PULL,
    );
  });
});

describe('retry', () => {
  it('of a parked update tries now, and watch ends with its image', async ({ bed }) => {
    const stuck = stuckAt('pod-may-not-be-deleted');
    await stickUpdate(bed, 'parked', stuck);
    await eventually('the run is parked', async () => {
      const { step } = await runOf(bed, 'parked').query<RunProgress>(PROGRESS_QUERY);
      return step === 'parked';
    });
    await stuck.release(bed, 'parked');
    const retried = await cli(bed, 'retry', 'parked', '--reason', 'the policy is gone');
    expect(retried).toEqual({ code: 0, stdout: 'SeiNode parked is tried now\n', stderr: '' });
    expect(await cli(bed, 'watch', 'parked')).toMatchObject({ code: 0 });
    expect((await bed.nodes.get('parked')).status?.currentImage).toBe(stuck.to);
  });

  it('of a bring-up that was given up begins it again, also when its run is gone', async ({
    bed,
  }) => {
    const error = 'minimum-gas-prices is not a price';
    await bed.sidecars.setFaults(bed.key('given-up'), {
      kind: 'task-fails',
      error,
      taskTypes: ['config-validate'],
    });
    await bed.nodes.create('given-up', { image: V1 });
    const failed = await cli(bed, 'watch', 'given-up');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain(error);
    // The run is parked, and nobody waits for it any more.
    await runOf(bed, 'given-up').terminate('by a test');
    await bed.sidecars.setFaults(bed.key('given-up'));
    expect(await cli(bed, 'retry', 'given-up')).toMatchObject({
      code: 0,
      stdout: 'SeiNode given-up is tried now\n',
    });
    await bed.nodes.untilSettledOn('given-up', V1);
  });
});

describe('a message that no worker takes up', () => {
  it('is left as a signal, and the command ends with 3', async ({ bed }) => {
    await bed.nodes.createRunning('unattended', V1);
    await bed.runs.closed(bed.key('unattended'));
    const words = ['pause', 'unattended', '--timeout', '2s', '--task-queue', 'nobodys'];
    const { code, stderr } = await cli(bed, ...words);
    expect(code).toBe(3);
    expect(stderr).toContain('no worker of task queue nobodys answered within 2 s');
    const run = runOf(bed, 'unattended');
    const { events } = await run.fetchHistory();
    const signals = events?.map((event) => event.workflowExecutionSignaledEventAttributes);
    expect(signals?.map((signal) => signal?.signalName)).toContain('pause');
    await run.terminate('by a test');
  });
});

describe('logs', () => {
  it('shows Events and steps in one order, and goes on with what happens', async ({ bed }) => {
    await bed.nodes.createRunning('told', V1);
    const follower = startCliIn(bed, 'logs', 'told', '--follow');
    await eventually('what is past is told', () => follower.stdout().includes('run-ended'));
    await bed.nodes.setImage('told', V3);
    await eventually(
      'the update is told by both sources',
      () => /UpdateComplete/.test(follower.stdout()) && /nodeUpdate, run/.test(follower.stdout()),
    );
    follower.interrupt();
    expect((await follower.ended).code).toBe(130);

    const { stdout } = await cli(bed, 'logs', 'told', '--runs', '1');
    const begun = stdout.indexOf('step-began          begin');
    const replaced = stdout.indexOf('replace-pod completed');
    expect(begun).toBeGreaterThan(-1);
    expect(replaced).toBeGreaterThan(begun);
    expect(stdout.indexOf('UpdateComplete')).toBeGreaterThan(replaced);
  });
});

describe('diff', () => {
  it('shows what an apply would change, and changes nothing', async ({ bed }) => {
    await bed.nodes.createRunning('compared', V1);
    await bed.runs.closed(bed.key('compared'));
    const same = await cli(bed, 'diff', 'compared', '--exit-code');
    expect(same).toMatchObject({ code: 0, stdout: '' });

    await cli(bed, 'pause', 'compared');
    await cli(bed, 'set-image', 'compared', V2);
    const { stdout, code } = await cli(bed, 'diff', 'compared', '--exit-code');
    expect(code).toBe(1);
    expect(stdout).toContain(`-          image: ${V1}\n+          image: ${V2}\n`);
    expect(stdout).not.toContain('Service');
    expect(bed.statefulSets.versions('compared').at(-1)?.image).toBe(V1);
    await cli(bed, 'resume', 'compared');
  });
});

describe('completion', () => {
  it('knows the nodes of the namespace', async ({ bed }) => {
    await bed.nodes.createRunning('completed', V1);
    const words = ['complete', '--', '-n', bed.namespace, 'status', 'comple'];
    // Completion does not wait long, which a busy machine may miss.
    await eventually('the name is completed', async () => {
      const { code, stdout } = await runCliProcess(words, userEnvironment(bed));
      return code === 0 && stdout.includes('completed\tSeiNode\n');
    });
  });
});
