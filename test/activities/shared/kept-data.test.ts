import { beforeEach, describe, expect, it } from 'vitest';

import { findCondition } from '../../../domain/node/condition.ts';
import type { SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import { NODE } from '../../support/sei-node.ts';
import type { ActivityBed } from '../activity-bed.ts';
import { BEGIN, PLAN, runningBed, TO_V1 } from '../activity-bed.ts';
import { leftoverStatefulSet, renderedStatefulSet } from '../rendered-stateful-set.ts';

const key = (name: string) => ({ namespace: NODE.namespace, name });
const POD = key('n0-0');
const CLAIM = key('data-n0');

let bed: ActivityBed;

const stalled = () => findCondition(bed.node.status?.conditions, 'Stalled');
const apply = (spec: Partial<SeiNodeSpec> = {}) => {
  const replicas = spec.paused === true ? 0 : 1;
  const { generation } = bed.cluster.editSpec(NODE, spec).metadata;
  return bed.run('applyStatefulSet', { ...PLAN, target: { ...TO_V1, replicas }, generation });
};

/** The actions that would end the pod, and the ways that lead a node there. */
const STEPS: Readonly<
  Record<string, { readonly arrange?: () => void; readonly spec?: Partial<SeiNodeSpec> }>
> = {
  'a pause': { spec: { paused: true } },
  'a StatefulSet that is made anew': {
    arrange: () => {
      bed.cluster.orphanPod(POD);
      bed.cluster.deleteStatefulSet(NODE);
    },
  },
  'the deletion of an impostor': {
    arrange: () => {
      bed.cluster.orphanPod(POD);
      bed.cluster.deleteStatefulSet(NODE);
      bed.cluster.createStatefulSet(renderedStatefulSet(bed));
    },
  },
  'the adoption of a StatefulSet that rolls by itself': {
    arrange: () => {
      bed.cluster.orphanPod(POD);
      bed.cluster.deleteStatefulSet(NODE);
      bed.cluster.createStatefulSet(leftoverStatefulSet(bed));
      const { statefulSet: _none, ...status } = bed.node.status ?? {};
      bed.cluster.editStatus(NODE, { ...status, statefulSet: undefined } as typeof status);
    },
  },
};

describe.each(Object.entries(STEPS))('%s', (_, { arrange = () => undefined, spec = {} }) => {
  beforeEach(async () => {
    bed = await runningBed();
    arrange();
    bed.cluster.deleteClaim(CLAIM);
    bed.cluster.requests.clear();
  });

  it('waits while the claim is being deleted that the pod is all that keeps', async () => {
    const before = bed.cluster.statefulSet(NODE);
    await expect(apply(spec)).rejects.toMatchObject({
      type: 'DataVolumeTerminating',
      nonRetryable: false,
    });
    expect(stalled()).toMatchObject({ status: 'True', reason: 'DataVolumeTerminating' });
    expect(stalled()?.message).toMatch(/data-n0 is being deleted since 20.*Keep its volume/);
    bed.cluster.settle();
    expect(bed.cluster.pods(NODE)).toHaveLength(1);
    expect(bed.cluster.statefulSet(NODE)?.uid).toBe(before?.uid);
    expect(bed.cluster.inventory).toContain('claims default/data-n0');
  });

  it('is held back no longer once the pod is gone, or goes', async () => {
    await expect(apply(spec)).rejects.toThrow('data-n0');
    bed.cluster.deletePod(POD);
    expect((await apply(spec)).kind).not.toBe('gone');
    expect(stalled()?.status).toBe('False');
  });
});

describe('a pause', () => {
  it('waits for an imported claim as well', async () => {
    bed = await runningBed();
    bed.cluster.createClaim(key('history'));
    bed.cluster.deleteClaim(key('history'));
    bed.cluster.editSpec(NODE, { dataVolume: { import: { pvcName: 'history' } } });
    await expect(apply({ paused: true })).rejects.toThrow('PersistentVolumeClaim history');
  });

  it('asks for the pods only where the claim is being deleted', async () => {
    bed = await runningBed();
    bed.cluster.requests.clear();
    expect(await apply({ paused: true })).toMatchObject({ kind: 'applied' });
    expect(bed.cluster.requests.of('listPods')).toEqual([]);
  });

  it('does not stop the deletion of the node', async () => {
    bed = await runningBed();
    bed.cluster.deleteClaim(CLAIM);
    await expect(apply({ paused: true })).rejects.toThrow('data-n0');
    bed.cluster.deleteNode(NODE);
    expect(await bed.run('beginDelete', BEGIN)).toEqual({ kind: 'begun' });
    expect(stalled()?.status).toBe('False');
    await bed.run('deleteStatefulSet', PLAN);
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
  });
});
