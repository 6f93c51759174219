import { describe, expect } from 'vitest';

import type { Condition } from '../../domain/node/condition.ts';
import type { SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { objectsOf } from '../manifests/node-objects.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** A node that another operator left behind: the image that its pod runs, and its status. */
interface Leftover {
  readonly name: string;
  /** The image of spec. */
  readonly image: string;
  readonly podImage: string;
  status(statefulSetUid: string): SeiNodeStatus;
}

const UPDATE_STARTED: Condition = {
  type: 'NodeUpdateInProgress',
  status: 'True',
  reason: 'UpdateStarted',
  message: `image drift detected: spec=${V2} current=${V1}`,
  lastTransitionTime: '2026-01-01T00:00:00Z',
};
const ACTIVE_PLAN = {
  id: '0b54a1b0-56a5-4b6e-8f4b-6f3d2c1b0a99',
  phase: 'Active',
  tasks: [
    { type: 'apply-statefulset', status: 'Complete' },
    { type: 'mark-ready', status: 'Pending' },
  ],
} as const;

const AT_REST: readonly Leftover[] = [
  {
    name: 'tracked',
    image: V1,
    podImage: V1,
    status: (uid) => ({
      phase: 'Running',
      currentImage: V1,
      statefulSet: { name: 'tracked', uid },
    }),
  },
  {
    name: 'untracked',
    image: V1,
    podImage: V1,
    status: () => ({ phase: 'Running', currentImage: V1 }),
  },
  {
    name: 'never-finished',
    image: V2,
    podImage: V2,
    status: () => ({
      phase: 'Running',
      currentImage: V1,
      plan: ACTIVE_PLAN,
      conditions: [UPDATE_STARTED],
    }),
  },
];
const IN_THE_MIDDLE: Leftover = {
  name: 'in-the-middle',
  image: V2,
  podImage: V1,
  status: (uid) => ({
    phase: 'Running',
    currentImage: V1,
    statefulSet: { name: 'in-the-middle', uid },
    plan: ACTIVE_PLAN,
    conditions: [UPDATE_STARTED],
  }),
};

const it = testbedTest('take-over', []).extend('taken', { scope: 'file' }, async ({ bed }) => {
  const statefulSets = new Map<string, string>();
  for (const leftover of [...AT_REST, IN_THE_MIDDLE]) {
    statefulSets.set(leftover.name, await leaveBehind(bed, leftover));
  }
  await Promise.all([bed.start('worker'), bed.start('watcher')]);
  return { statefulSets };
});

describe('a Running node of the original operator', () => {
  it.for(AT_REST)(
    '$name is adopted, and its pod goes on',
    async ({ name, image }, { bed, taken }) => {
      const { status } = await bed.nodes.untilSettledOn(name, image);
      expect(status?.statefulSet).toEqual({ name, uid: taken.statefulSets.get(name) });
      const runs = await bed.runs.worked(bed.key(name));
      // A nodeSync may follow, which records that the pod is behind the template; never a roll.
      expect(runs[0]?.type).toBe('nodeInit');
      expect(runs.map(({ type }) => type)).not.toContain('nodeUpdate');
      expect(bed.pods.uids(name)).toHaveLength(1);
      const live = await bed.apps.readNamespacedStatefulSet(bed.key(name));
      expect(live.metadata?.uid).toBe(taken.statefulSets.get(name));
    },
  );

  it('whose update was never recorded as finished has it settled', async ({ bed, taken }) => {
    expect(taken.statefulSets.has('never-finished')).toBe(true);
    const node = await bed.nodes.untilSettledOn('never-finished', V2);
    expect(conditionOf(node, 'NodeUpdateInProgress')).toBe('False/UpdateComplete');
    expect(node.status?.currentImage).toBe(V2);
    expect(node.status?.plan?.id).not.toBe(ACTIVE_PLAN.id);
  });

  it('that was in the middle of an update has it finished, with one new pod', async ({
    bed,
    taken,
  }) => {
    const node = await bed.nodes.untilSettledOn('in-the-middle', V2);
    expect(conditionOf(node, 'NodeUpdateInProgress')).toBe('False/UpdateComplete');
    expect(node.status?.statefulSet?.uid).toBe(taken.statefulSets.get('in-the-middle'));
    await bed.runs.closed(bed.key('in-the-middle'));
    expect(bed.pods.uids('in-the-middle')).toHaveLength(2);
  });

  it('is updated like any other from then on', async ({ bed, taken }) => {
    expect(taken.statefulSets.has('tracked')).toBe(true);
    await bed.nodes.untilSettledOn('tracked', V1);
    await bed.nodes.setImage('tracked', V2);
    await bed.nodes.untilSettledOn('tracked', V2);
    expect(bed.pods.uids('tracked')).toHaveLength(2);
  });
});

/** @returns the UID of the StatefulSet */
async function leaveBehind(bed: Testbed, leftover: Leftover): Promise<string> {
  const { name, image, podImage } = leftover;
  const node = await bed.nodes.create(name, { image });
  await applyAsOriginal(bed, node, podImage);
  await bed.pods.until(`${name}-0`, 'it exists', () => true);
  // Its pod is only replaced by hand, so it goes on with the earlier image.
  if (image !== podImage) await applyAsOriginal(bed, node, image);
  const uid = (await bed.apps.readNamespacedStatefulSet(bed.key(name))).metadata?.uid ?? '';
  await bed.nodes.patchStatus(name, leftover.status(uid));
  return uid;
}

/** Applies the same objects under the same field manager, but of a template that is not byte for byte ours. */
async function applyAsOriginal(bed: Testbed, node: SeiNode, image: string): Promise<void> {
  const target = { image, sidecarImage: bed.platform.images.sidecar, replicas: 1 } as const;
  const items = objectsOf(node, target, bed.platform).map((object) =>
    object.kind === 'StatefulSet' ? withoutProbes(object) : object,
  );
  const apply = ['apply', '--server-side', '--field-manager=seinode-controller', '-f', '-'];
  await bed.kubectl(apply, { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
}

function withoutProbes(object: object): object {
  return JSON.parse(JSON.stringify(object), (key, value: unknown) =>
    key.endsWith('Probe') ? undefined : value,
  ) as object;
}
