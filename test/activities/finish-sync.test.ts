import { beforeEach, describe, expect, it } from 'vitest';

import type { ConditionType } from '../../domain/node/condition.ts';
import { findCondition } from '../../domain/node/condition.ts';
import type { SidecarState } from '../../domain/sidecar/sidecar-state.ts';
import { sidecarCondition } from '../../domain/sidecar/sidecar-state.ts';
import { statusWithConditions } from '../../domain/status/status-conditions.ts';
import { NODE, NOW, seiNode, V2 } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN, runningBed, TO_V1 } from './activity-bed.ts';
import { pausedBed } from './sync-scenarios.ts';

let bed: ActivityBed;

beforeEach(async () => {
  bed = await runningBed();
});

const finish = (sidecar?: SidecarState) => bed.run('finishSync', { ...PLAN, sidecar });

const condition = (type: ConditionType) => {
  const found = findCondition(bed.node.status?.conditions, type);
  return found && `${found.status}/${found.reason}`;
};

const told = (from = 0) => bed.cluster.events.slice(from).map(({ reason }) => reason);

async function paused(): Promise<number> {
  bed = await pausedBed();
  bed.cluster.settle();
  await finish();
  return bed.cluster.events.length;
}

describe('finish-sync', () => {
  it('says that the node is paused, with one Event', async () => {
    const before = bed.cluster.events.length;
    await paused();
    await finish();
    expect([condition('Paused'), condition('Ready')]).toEqual(['True/Paused', 'False/Paused']);
    expect(told(before)).toEqual(['Paused']);
  });

  it('does not say that it is paused while a pod of it is there, whoever made that', async () => {
    bed = await pausedBed();
    expect(await finish()).toMatchObject({ due: { kind: 'nodeSync' } });
    expect([condition('Paused'), condition('Ready')]).toEqual([
      'False/ScalingDown',
      'False/ScalingDown',
    ]);
    bed.cluster.relabelPod({ namespace: NODE.namespace, name: 'n0-0' }, { 'sei.io/node': 'none' });
    expect(await finish()).toMatchObject({ due: { kind: 'nodeSync' } });
    bed.cluster.settle();
    expect(await finish()).toMatchObject({ due: { kind: 'nothing' } });
    expect(condition('Paused')).toBe('True/Paused');
  });

  it('says that the node is no longer paused, with one Event', async () => {
    const before = await paused();
    bed.cluster.editSpec(NODE, { paused: false });
    bed.cluster.editStatefulSet(NODE, { replicas: 1 });
    bed.cluster.settle();
    await finish('ready');
    await finish('ready');
    expect([condition('Paused'), condition('Ready')]).toEqual(['False/NotPaused', 'True/Running']);
    expect(told(before)).toEqual(['Unpaused']);
  });

  it('leaves a node that is paused at its birth out of Initializing and Running', async () => {
    bed = new ActivityBed();
    bed.cluster.createNode(seiNode({ spec: { paused: true } }));
    expect(await finish()).toMatchObject({ kind: 'finished', due: { kind: 'nothing' } });
    expect(condition('Paused')).toBe('True/Paused');
    expect(bed.node.status?.phase ?? 'Pending').toBe('Pending');
    expect(bed.cluster.inventory).not.toContain('statefulSets default/n0');
  });

  it.each<[SidecarState | undefined, readonly string[]]>([
    ['not-ready', ['SidecarReadinessRestored']],
    ['unreachable', ['SidecarReadinessRestored']],
    ['ready', []],
    [undefined, []],
  ])('of a sidecar that was recorded as %s, and is ready, tells of %j', async (was, reasons) => {
    const recorded = was === undefined ? [] : [sidecarCondition(was)];
    const { status: _running, ...bare } = bed.node;
    bed.cluster.editStatus(NODE, statusWithConditions(bare, recorded, NOW));
    const before = bed.cluster.events.length;
    await finish('ready');
    expect(condition('SidecarReady')).toBe('True/Ready');
    expect(told(before)).toEqual(reasons);
  });

  it('records a sidecar that cannot be reached, and acts on nothing', async () => {
    await finish('unreachable');
    expect(condition('SidecarReady')).toBe('Unknown/Unreachable');
    expect(bed.sidecar.calls).toEqual([]);
  });

  it('says that the pod is behind the template, by what it reads live', async () => {
    bed.cluster.cache.freeze();
    bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } });
    await bed.run('applyStatefulSet', { ...BEGIN, target: TO_V1, generation: 2 });
    bed.cluster.controller.observe();
    await finish();
    expect(condition('PodCurrent')).toBe('False/TemplateChanged');
  });

  it('ends a stall', async () => {
    const failure = { step: 'apply-statefulset', reason: 'ForeignOwner', message: 'x' } as const;
    await bed.run('failSync', { ...PLAN, failure });
    expect(condition('Stalled')).toBe('True/ForeignOwner');
    await finish();
    expect([condition('Stalled'), condition('Ready')]).toEqual([
      'False/Progressing',
      'True/Running',
    ]);
  });

  it('ends a rollback whose rejected image spec no longer asks for', async () => {
    const rollback = { rejectedImage: V2, image: 'sei:v1', generation: 1 };
    bed.cluster.editStatus(NODE, { rollback });
    await finish();
    expect(bed.node.status?.rollback).toBeUndefined();
    expect(await finish()).toMatchObject({ due: { kind: 'nothing' } });
  });

  it('writes nothing where all is as it was', async () => {
    expect(await finish('ready')).toEqual({
      kind: 'finished',
      due: { kind: 'nothing', why: 'the node is as its spec wants it' },
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('says what is due by now', async () => {
    bed.cluster.editSpec(NODE, { image: V2 });
    expect(await finish()).toMatchObject({ due: { kind: 'nodeUpdate' } });
    bed.cluster.deleteNode(NODE);
    expect(await finish()).toMatchObject({ due: { kind: 'nodeDelete' } });
  });

  it('ends where the node is gone', async () => {
    bed.cluster.removeNode(NODE);
    expect(await finish()).toEqual({ kind: 'gone' });
  });
});
