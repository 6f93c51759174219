import { WorkflowUpdateFailedError } from '@temporalio/client';
import { describe, expect } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { RunProgress } from '../../domain/run/node-run.ts';
import { PROGRESS_QUERY } from '../../domain/run/node-run.ts';
import { eventually } from '../support/eventually.ts';
import { changesOf, conditionOf } from '../support/testbed/node-conditions.ts';
import { untilEvent } from '../support/testbed/node-events.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { runOf, steer } from '../support/testbed/steering.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { CANNOT_PULL, healPod, stickUpdate, STUCK_UPDATES } from './stuck-updates.ts';

/** Shorter than the first pause between two attempts, which is 30 s. */
const AT_ONCE_MS = 25_000;

const KIM = { reason: 'exchange maintenance', actor: 'kim' };

const it = testbedTest('steering', []).extend(
  'operator',
  { scope: 'file', auto: true },
  ({ bed }) =>
    // The next resync takes up what a terminated run has left.
    Promise.all([bed.start('worker'), bed.start('watcher', { SEINODE_RESYNC_SECONDS: '2' })]),
);

describe('pause', () => {
  it('holds a stuck update until resume, and says by whom and why', async ({ bed }) => {
    await stick(bed, 'held');
    const answer = await runOf(bed, 'held').executeUpdate('pause', { args: [KIM] });
    expect(answer).toBe('SeiNode held is held until resume');
    const held = await bed.nodes.get('held');
    expect(held.status?.hold).toMatchObject(KIM);
    expect(held.status?.history?.[0]).toMatchObject({ outcome: 'Held', ...KIM });
    expect((await untilEvent(bed, 'held', 'Held')).message).toContain('kim: exchange maintenance');
    // The run waits for the pod, which is to serve under a hold as well.
    const progress = () => runOf(bed, 'held').query<RunProgress>(PROGRESS_QUERY);
    await eventually('the run says that it is held', async () => {
      const { held: isHeld, heldBy } = await progress();
      return isHeld && heldBy?.includes('kim (exchange maintenance)') === true;
    });

    // A corrected image waits as well.
    await bed.nodes.setImage('held', V2);
    await untilAnotherWasUpdated(bed, 'while-held');
    expect(bed.statefulSets.versions('held').at(-1)?.image).toBe(CANNOT_PULL);
    const still = await bed.nodes.get('held');
    expect(still.status?.plan).toEqual(held.status?.plan);
    expect(still.status?.currentImage).toBe(held.status?.currentImage);

    await runOf(bed, 'held').executeUpdate('resume', { args: [KIM] });
    const { status } = await bed.nodes.untilSettledOn('held', V2);
    expect(status?.hold).toBeUndefined();
    expect(status?.history?.map(({ outcome, actor }) => [outcome, actor])).toContainEqual([
      'Resumed',
      'kim',
    ]);
    await untilEvent(bed, 'held', 'Resumed');
  });

  it('holds a node that no run works on', async ({ bed }) => {
    await bed.nodes.createRunning('idle', V1);
    await bed.runs.closed(bed.key('idle'));
    await steer(bed, 'idle', 'pause', KIM);
    await untilHeld(bed, 'idle');
    await bed.nodes.setImage('idle', V2);
    await untilAnotherWasUpdated(bed, 'while-idle');
    expect(bed.statefulSets.versions('idle').at(-1)?.image).toBe(V1);

    await steer(bed, 'idle', 'resume', KIM);
    await bed.nodes.untilSettledOn('idle', V2);
    expect(bed.pods.uids('idle')).toHaveLength(2);
  });

  it('outlives the run that it was sent to', async ({ bed }) => {
    await stick(bed, 'outliving');
    await runOf(bed, 'outliving').executeUpdate('pause', { args: [KIM] });
    await runOf(bed, 'outliving').terminate('by a test');
    await bed.nodes.setImage('outliving', V2);
    await untilAnotherWasUpdated(bed, 'while-outliving');
    expect(bed.statefulSets.versions('outliving').at(-1)?.image).toBe(CANNOT_PULL);
    expect((await bed.nodes.get('outliving')).status?.hold).toMatchObject(KIM);

    await steer(bed, 'outliving', 'resume');
    await bed.nodes.untilSettledOn('outliving', V2);
  });

  it('is said once, however often it is sent', async ({ bed }) => {
    await stick(bed, 'twice');
    await runOf(bed, 'twice').executeUpdate('pause', { args: [KIM] });
    await runOf(bed, 'twice').executeUpdate('pause', { args: [{ ...KIM, actor: 'lee' }] });
    const { status } = await bed.nodes.get('twice');
    expect(status?.hold).toMatchObject(KIM);
    expect(status?.history?.filter(({ outcome }) => outcome === 'Held')).toHaveLength(1);
    await runOf(bed, 'twice').executeUpdate('resume');
    await bed.nodes.setImage('twice', V2);
    await bed.nodes.untilSettledOn('twice', V2);
  });

  it('sent from the Web UI without a word, holds too', async ({ bed }) => {
    await stick(bed, 'wordless');
    await runOf(bed, 'wordless').signal('pause');
    const { status } = await untilHeld(bed, 'wordless');
    expect(status?.hold).toMatchObject({ actor: 'unknown', reason: 'no reason given' });
    await runOf(bed, 'wordless').signal('resume');
    await bed.nodes.setImage('wordless', V2);
    await bed.nodes.untilSettledOn('wordless', V2);
  });
});

describe('resume', () => {
  it('says where nothing is held that there is nothing to resume', async ({ bed }) => {
    await stick(bed, 'not-held');
    const answer = await runOf(bed, 'not-held').executeUpdate('resume');
    expect(answer).toBe('nothing to resume: SeiNode not-held is not held');
    expect(conditionOf(await bed.nodes.get('not-held'), 'NodeUpdateInProgress')).toBe(
      'True/UpdateStarted',
    );
  });
});

describe('retry', () => {
  it('tries at once what waits for its next attempt', async ({ bed }) => {
    const stuck = STUCK_UPDATES.find(({ at }) => at === 'pod-may-not-be-deleted');
    if (stuck === undefined) throw new Error('there is no update stuck at its old pod');
    await stickUpdate(bed, 'parked', stuck);
    await eventually('the run is parked', async () => {
      const { step } = await runOf(bed, 'parked').query<RunProgress>(PROGRESS_QUERY);
      return step === 'parked';
    });
    await stuck.release(bed, 'parked');
    await runOf(bed, 'parked').executeUpdate('retry', { args: [KIM] });
    await bed.nodes.untilSettledOn('parked', V2, AT_ONCE_MS);
  });
});

describe('rollback', () => {
  it('goes back to the image that ran, and is not undone by whoever owns the spec', async ({
    bed,
  }) => {
    const manifest = (spec: object) =>
      JSON.stringify({
        apiVersion: 'sei.io/v1alpha1',
        kind: 'SeiNode',
        metadata: { name: 'gitops' },
        spec: { chainId: 'pacific-1', fullNode: {}, ...spec },
      });
    const apply = (spec: object) => bed.kubectl(['apply', '-f', '-'], { input: manifest(spec) });
    await apply({ image: V1 });
    await bed.nodes.untilSettledOn('gitops', V1);
    await apply({ image: CANNOT_PULL });
    await untilStalled(bed, 'gitops', 'ImagePullBackOff');
    const answer = await runOf(bed, 'gitops').executeUpdate('rollback', { args: [KIM] });
    expect(answer).toBe(`SeiNode gitops is rolled back from ${CANNOT_PULL} to ${V1}`);
    const { status } = await untilRolledBack(bed, 'gitops', V1);
    expect(status?.rollback).toMatchObject({ rejectedImage: CANNOT_PULL, image: V1 });
    expect(status?.history?.map(({ outcome, actor }) => [outcome, actor])).toContainEqual([
      'RolledBack',
      'kim',
    ]);
    expect(bed.pods.versions(podNameOf('gitops')).at(-1)?.seidImage).toBe(V1);
    await untilEvent(bed, 'gitops', 'RolledBack');
    await bed.runs.closed(bed.key('gitops'));

    // The same image once more, and then beside another change.
    await apply({ image: CANNOT_PULL });
    await apply({ image: CANNOT_PULL, podLabels: { team: 'infra' } });
    await bed.nodes.until(
      'gitops',
      'the other change was applied',
      (node) => conditionOf(node, 'PodCurrent') === 'False/TemplateChanged',
    );
    await untilRolledBack(bed, 'gitops', V1);
    expect(bed.statefulSets.versions('gitops').at(-1)?.image).toBe(V1);
    expect(bed.pods.uids('gitops')).toHaveLength(3);

    await apply({ image: V2 });
    const ended = await bed.nodes.untilSettledOn('gitops', V2);
    expect(ended.status?.rollback).toBeUndefined();
    const images = changesOf(bed.nodes.versions('gitops'), (node) => node.status?.currentImage);
    expect(images).toEqual([undefined, V1, V2]);
  });

  it('undoes an update that is complete, on a node that no run works on', async ({ bed }) => {
    await bed.nodes.createRunning('complete', V1);
    await bed.nodes.setImage('complete', V2);
    await bed.nodes.untilSettledOn('complete', V2);
    await bed.runs.closed(bed.key('complete'));
    await steer(bed, 'complete', 'rollback', KIM);
    await untilRolledBack(bed, 'complete', V1);
    await bed.runs.closed(bed.key('complete'));
    await steer(bed, 'complete', 'rollback', KIM);
    // The list of runs may not show this one yet.
    await runOf(bed, 'complete').result();
    const { status } = await untilRolledBack(bed, 'complete', V1);
    expect(status?.history?.filter(({ outcome }) => outcome === 'RolledBack')).toHaveLength(1);
    expect(bed.pods.uids('complete')).toHaveLength(3);

    await bed.nodes.setImage('complete', V3);
    await bed.nodes.untilSettledOn('complete', V3);
  });

  it('ends with any other image: the rejected one, asked for again, is meant', async ({ bed }) => {
    await bed.nodes.createRunning('again', V1);
    await bed.nodes.setImage('again', V2);
    await bed.nodes.untilSettledOn('again', V2);
    await steer(bed, 'again', 'rollback', KIM);
    await untilRolledBack(bed, 'again', V1);

    await bed.nodes.setImage('again', V1);
    await bed.nodes.until(
      'again',
      'its rollback is over',
      ({ status }) => status?.rollback === undefined,
    );
    await bed.nodes.setImage('again', V2);
    await bed.nodes.untilSettledOn('again', V2);
  });

  it('is refused where no image is known to go back to', async ({ bed }) => {
    await bed.nodes.create('first', { image: CANNOT_PULL });
    await untilStalled(bed, 'first', 'ImagePullBackOff');
    await expect(refusalOf(runOf(bed, 'first').executeUpdate('rollback'))).resolves.toContain(
      `no image is recorded that ran before ${CANNOT_PULL}`,
    );
  });
});

describe('the progress deadline', () => {
  it('shows when it is exceeded, and the update goes on', async ({ bed }) => {
    const slow = 'ghcr.io/sei-protocol/sei:slow-start-10m';
    await bed.nodes.createRunning('late', V1);
    const updatePolicy = { progressDeadlineSeconds: 1 };
    await bed.nodes.patchSpec('late', { image: slow, updatePolicy });
    await untilStalled(bed, 'late', 'ProgressDeadlineExceeded');
    // On a busy machine a second may be over before the old pod is gone.
    await bed.pods.until(podNameOf('late'), `it is of ${slow}`, (pod) => pod.seidImage === slow);
    await healPod(bed, 'late');
    const { status } = await bed.nodes.untilSettledOn('late', slow);
    expect(status?.rollback).toBeUndefined();
    expect(bed.pods.uids('late')).toHaveLength(2);
  });

  it('rolls back once where the spec asks for that', async ({ bed }) => {
    await bed.nodes.createRunning('auto', V1);
    // Enough for a busy machine to replace the pod: before that none would have to come back.
    const updatePolicy = { progressDeadlineSeconds: 15, autoRollback: true };
    await bed.nodes.patchSpec('auto', { image: CANNOT_PULL, updatePolicy });
    const { status } = await untilRolledBack(bed, 'auto', V1);
    const rolledBack = status?.history?.filter(({ outcome }) => outcome === 'RolledBack');
    expect(rolledBack).toMatchObject([{ actor: 'spec.updatePolicy.autoRollback' }]);
    expect(bed.pods.uids('auto')).toHaveLength(3);
    await bed.runs.closed(bed.key('auto'));

    // The deadline may be too short for a healthy update, where the machine is busy.
    await bed.nodes.patchSpec('auto', {
      image: V2,
      updatePolicy: { progressDeadlineSeconds: 600 },
    });
    await bed.nodes.untilSettledOn('auto', V2);
    expect(bed.pods.uids('auto')).toHaveLength(4);
  });
});

/** Leaves the node in an update to an image that cannot be pulled. */
async function stick(bed: Testbed, node: string): Promise<void> {
  const stuck = STUCK_UPDATES.find(({ to }) => to === CANNOT_PULL);
  if (stuck === undefined) throw new Error('there is no update stuck at its image');
  await stickUpdate(bed, node, stuck);
}

function untilHeld(bed: Testbed, node: string): Promise<SeiNode> {
  return bed.nodes.until(node, 'it is held', ({ status }) => status?.hold !== undefined);
}

function untilStalled(bed: Testbed, node: string, reason: string): Promise<SeiNode> {
  return bed.nodes.until(
    node,
    `it is stalled for ${reason}`,
    (version) => conditionOf(version, 'Stalled') === `True/${reason}`,
  );
}

/** Waits until the node runs another image than its spec has, and is at rest. */
async function untilRolledBack(bed: Testbed, node: string, image: string): Promise<SeiNode> {
  const rolledBack = await bed.nodes.until(
    node,
    `it is rolled back to ${image}`,
    ({ spec, status, ...version }) =>
      status?.rollback?.rejectedImage === spec.image &&
      status.currentImage === image &&
      status.plan?.phase === 'Complete' &&
      conditionOf({ spec, status, ...version }, 'Ready') === 'True/Running',
  );
  await bed.pods.untilCaughtUp(podNameOf(node));
  return rolledBack;
}

/** Waits until another node was updated: by then anything that happens to this one has had time to happen. */
async function untilAnotherWasUpdated(bed: Testbed, node: string): Promise<void> {
  await bed.nodes.createRunning(node, V1);
  await bed.nodes.setImage(node, V2);
  await bed.nodes.untilSettledOn(node, V2);
}

/** Returns the reason why an update message was refused. */
async function refusalOf(update: Promise<unknown>): Promise<string> {
  try {
    await update;
  } catch (err) {
    if (err instanceof WorkflowUpdateFailedError) return err.cause?.message ?? '';
    throw err;
  }
  return 'it was not refused';
}
