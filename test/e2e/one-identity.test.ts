import { describe, expect } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { eventually } from '../support/eventually.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

const it = testbedTest('one-identity', ['worker', 'watcher']);

/** Enough pairs that both orders of the requests of two nodes are likely to come up. */
const PAIRS = ['p0', 'p1', 'p2', 'p3'] as const;

describe('a signing key that two nodes name', () => {
  it.for(PAIRS)('is in one pod, though both begin at a time: %s', async (pair, { bed }) => {
    const names = [`${pair}-a`, `${pair}-b`] as const;
    await Promise.all(names.map((name) => createValidator(bed, name, pair)));
    const [held, holder] = await untilOneIsHeld(bed, names);
    await bed.nodes.untilSettledOn(holder, V1);
    expect(inUseBy(await bed.nodes.get(held))).toBe(holder);
    expect(bed.pods.uids(held)).toEqual([]);
    expect(bed.statefulSets.versions(held)).toEqual([]);

    await bed.nodes.delete(holder);
    const up = await bed.nodes.untilSettledOn(held, V1);
    expect(findCondition(up.status?.conditions, 'Stalled')?.status).toBe('False');
    expect(bed.pods.uids(holder)).toHaveLength(1);
    expect(bed.pods.uids(held)).toHaveLength(1);
  });

  it('moves to another node by a pause, and back', async ({ bed }) => {
    await createValidator(bed, 'old', 'moved');
    await bed.nodes.untilSettledOn('old', V1);
    await createValidator(bed, 'new', 'moved');
    await untilInUse(bed, 'new');
    await bed.nodes.patchSpec('old', { paused: true });
    await bed.nodes.untilSettledOn('new', V1);
    expect(bed.pods.uids('old')).toHaveLength(1);

    await bed.nodes.patchSpec('old', { paused: false });
    const waiting = await untilInUse(bed, 'old');
    expect(findCondition(waiting.status?.conditions, 'Paused')?.reason).toBe('NotPaused');
    expect(bed.pods.uids('old')).toHaveLength(1);
    await bed.nodes.delete('new');
    await bed.nodes.untilSettledOn('old', V1);
    expect(bed.pods.uids('old')).toHaveLength(2);
  });

  it('stays with the node whose pod has it, though somebody deletes its Lease', async ({ bed }) => {
    await createValidator(bed, 'robbed', 'robbed');
    await bed.nodes.untilSettledOn('robbed', V1);
    await bed.kubectl(['delete', 'lease', '--selector', 'sei.io/node=robbed']);
    await createValidator(bed, 'robber', 'robbed');
    await untilInUse(bed, 'robber');
    expect(inUseBy(await bed.nodes.get('robber'))).toBe('robbed');
    expect(bed.pods.uids('robber')).toEqual([]);
  });

  it('stays with a pod that nobody looks after any more', async ({ bed }) => {
    await createValidator(bed, 'lost', 'orphaned');
    const lost = await bed.nodes.untilSettledOn('lost', V1);
    // A person does this who has given up on a node that does not go.
    await bed.kubectl(['delete', 'statefulset', 'lost', '--cascade=orphan', '--wait=false']);
    await bed.kubectl(['delete', 'snode', 'lost', '--cascade=orphan', '--wait=false']);
    await bed.kubectl(['patch', 'snode', 'lost', '--type=merge', '-p', NO_FINALIZERS]);
    await bed.nodes.untilGone(lost);
    await createValidator(bed, 'next', 'orphaned');
    await untilInUse(bed, 'next');
    expect(inUseBy(await bed.nodes.get('next'))).toBe('lost');
    await bed.kubectl(['delete', 'statefulset', 'lost', '--ignore-not-found']);
    await bed.kubectl(['delete', 'pod', podNameOf('lost'), '--ignore-not-found']);
    await bed.nodes.untilSettledOn('next', V1);
  });
});

describe('a claim that two nodes import', () => {
  it('is in one pod', async ({ bed }) => {
    await bed.kubectl(['apply', '-f', '-'], { input: JSON.stringify(claim('chain-data')) });
    const dataVolume = { import: { pvcName: 'chain-data' } };
    await bed.nodes.create('importer', { dataVolume });
    await bed.nodes.untilSettledOn('importer', V1);
    await bed.nodes.create('importer-too', { dataVolume });
    await untilInUse(bed, 'importer-too');
    expect(bed.pods.uids('importer-too')).toEqual([]);
    await bed.nodes.delete('importer');
    await bed.nodes.untilSettledOn('importer-too', V1);
  });
});

const NO_FINALIZERS = JSON.stringify({ metadata: { finalizers: null } });

/** Creates a validator with the signing key of that name, and a node key of its own. */
async function createValidator(bed: Testbed, name: string, key: string): Promise<void> {
  const secret = (secretName: string) => ({ secret: { secretName } });
  const validator = { signingKey: secret(`${key}-signing`), nodeKey: secret(`${name}-p2p`) };
  await bed.nodes.createValidator(name, validator);
}

function inUseBy({ status }: SeiNode): string | undefined {
  const stalled = findCondition(status?.conditions, 'Stalled');
  if (stalled?.status !== 'True' || stalled.reason !== 'IdentityInUse') return undefined;
  return /in use by SeiNode ([^,]+),/.exec(stalled.message)?.[1];
}

function untilInUse(bed: Testbed, name: string): Promise<SeiNode> {
  return bed.nodes.until(name, 'its key is in use', (node) => inUseBy(node) !== undefined);
}

/** @returns the one that is held back, and the other */
async function untilOneIsHeld(
  bed: Testbed,
  [one, other]: readonly [string, string],
): Promise<readonly [string, string]> {
  const isHeld = (name: string) => {
    const [newest] = bed.nodes.versions(name).toReversed();
    return newest !== undefined && inUseBy(newest) !== undefined;
  };
  await eventually('one of the two is held back', () => isHeld(one) || isHeld(other));
  return isHeld(one) ? [one, other] : [other, one];
}

function claim(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: { requests: { storage: '10Gi' } },
    },
  };
}
