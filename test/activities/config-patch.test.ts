import { beforeEach, describe, expect, it } from 'vitest';

import { createConfigPatch } from '../../activities/config-patch.ts';
import type { ConfigPatchInput } from '../../activities/contract/rollout.ts';
import { findCondition } from '../../domain/node/condition.ts';
import { configRecord } from '../../domain/sidecar/config-status.ts';
import { SidecarError } from '../../sidecar/sidecar-error.ts';
import type { FakeSidecar } from '../support/cluster/fake-sidecar.ts';
import { COMPLETES, KEEPS_RUNNING } from '../support/cluster/fake-sidecar.ts';
import { EARLIER, NODE, plan, pod, runningNode, V1, V2 } from '../support/sei-node.ts';
import { applied, BEGIN, PLAN, runningBed, TO_V2 } from './activity-bed.ts';
import { POD, ROUND, TASK_ID, TaskBed } from './task-bed.ts';

const files = { 'config.toml': { p2p: { 'external-address': 'p2p.example.com:26656' } } };
const { pod: _, ...rollout } = ROUND;
const INPUT = { ...rollout, files };

const updating = runningNode({
  spec: { externalAddress: 'p2p.example.com:26656' },
  status: { plan: plan({ targetImage: V1 }) },
});

let bed: TaskBed;
beforeEach(() => {
  bed = new TaskBed();
  bed.node = updating;
});

const run = (input: ConfigPatchInput = INPUT) => bed.run(createConfigPatch(bed.deps), input);
const refusal = (why: string) => new SidecarError({ kind: 'http', status: 400 }, why);

describe('config-patch', () => {
  it('merges the keys through the sidecar of the pod that is there', async () => {
    bed.endAtQuestion(2, COMPLETES);
    expect(await run()).toEqual({ kind: 'patched' });
    expect(bed.sidecar.submissions).toEqual([
      { id: TASK_ID, type: 'config-patch', params: { files } },
    ]);
    expect(bed.events).toEqual([]);
  });

  it.each<[string, (sidecar: FakeSidecar) => void, string]>([
    [
      'refuses',
      (sidecar) => sidecar.refuseNext('submitTask', refusal('persist task: disk full')),
      'disk full',
    ],
    [
      'fails the task',
      (sidecar) => (sidecar.runOf = () => ({ durationMs: 0, error: 'no config.toml' })),
      'no config.toml',
    ],
    ['hangs', (sidecar) => sidecar.hangNext('submitTask'), 'no answer within 3000 ms'],
    [
      'never gets done',
      (sidecar) => (sidecar.runOf = () => KEEPS_RUNNING),
      'no answer within 3000 ms',
    ],
  ])('lets the roll go on, and tells why, when the sidecar %s', async (_, happens, why) => {
    happens(bed.sidecar);
    const result = await run();
    expect(result.kind).toBe('skipped');
    expect(result.kind === 'skipped' && result.reason).toContain(why);
    expect(bed.events).toMatchObject([{ type: 'Warning', reason: 'ConfigPatchSkipped' }]);
    expect(bed.events[0]?.message).toContain(why);
  });

  it.each([
    ['is none', []],
    ['is being deleted', [{ ...POD, deletionTimestamp: EARLIER }]],
    ['is not the one of the StatefulSet', [pod({ statefulSetUid: 'another' })]],
  ])('asks nobody when the pod %s', async (_, pods) => {
    bed.pods = pods;
    expect(await run()).toEqual({ kind: 'skipped', reason: 'the node has no pod' });
    expect(bed.sidecar.submissions).toEqual([]);
  });

  it('records once what an attempt and its repetition found', async () => {
    bed.sidecar.refuseNext('submitTask', refusal('no'));
    await run();
    bed.sidecar.refuseNext('submitTask', refusal('no'));
    await run();
    expect(new Set(bed.events.map(({ name }) => name)).size).toBe(1);
  });
});

describe('config-patch that nobody honest asks for', () => {
  it('patches what the spec says, whatever the input does', async () => {
    const evil = { 'app.toml': { api: { enable: true } } };
    expect(await run({ ...INPUT, files: evil })).toEqual({ kind: 'patched' });
    expect(bed.sidecar.submissions).toEqual([
      { id: TASK_ID, type: 'config-patch', params: { files } },
    ]);
  });

  it.each([
    ['that is held', { hold: { actor: 'kim', reason: 'why', since: EARLIER } }],
    ['without an update', { plan: plan({ phase: 'Complete' }) }],
    ['under another plan', { plan: plan({ id: 'another' }) }],
  ])('patches nothing of a node %s', async (_, status) => {
    bed.node = { ...updating, status: { ...updating.status, ...status } };
    expect((await run()).kind).toBe('skipped');
    expect(bed.sidecar.submissions).toEqual([]);
  });

  it('patches nothing for an image that the node does not want', async () => {
    expect((await run({ ...INPUT, target: TO_V2, generation: 1e9 })).kind).toBe('skipped');
    expect(bed.sidecar.submissions).toEqual([]);
  });
});

describe('config-patch of a roll', () => {
  it('records what is in force from then on', async () => {
    const bed = await runningBed();
    bed.cluster.editSpec(NODE, { image: V2, externalAddress: 'p2p.example.com:26656' });
    await bed.run('beginUpdate', BEGIN);
    const patching = { ...(await applied(bed, TO_V2)), files, taskId: TASK_ID };
    expect(await bed.run('configPatch', patching)).toEqual({ kind: 'patched' });
    await bed.run('finishUpdate', PLAN);
    expect(findCondition(bed.node.status?.conditions, 'ConfigCurrent')?.status).not.toBe('False');
    expect(bed.node.status?.config).toMatchObject({
      externalAddress: configRecord(bed.node)['externalAddress'],
    });
  });
});
