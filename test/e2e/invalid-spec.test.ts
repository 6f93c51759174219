import { describe, expect } from 'vitest';

import type { ConditionType } from '../../domain/node/condition.ts';
import { findCondition } from '../../domain/node/condition.ts';
import type { SeiNode, ValidatorMode } from '../../domain/node/sei-node.ts';
import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { untilEvent } from '../support/testbed/node-events.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** A change of a validator's spec that the CRD admits, and that nobody can carry out. */
interface Mistake {
  readonly what: string;
  readonly spec: object;
  readonly mend: object;
  readonly reason: 'InvalidSpec' | 'Refused';
  /** The reason of Ready while the mistake holds an update up. */
  readonly told: string;
  /** The message has this field. */
  readonly field: string;
}

/** Makes a validator with keys of its own: another node's key would hold it back. */
function validatorOf(name: string): ValidatorMode {
  return {
    signingKey: { secret: { secretName: `${name}-signing` } },
    nodeKey: { secret: { secretName: `${name}-p2p` } },
    operatorKeyring: {
      secret: {
        secretName: `${name}-keyring`,
        passphraseSecretRef: { secretName: `${name}-passphrase`, key: 'passphrase' },
      },
    },
  };
}

const MISTAKES: readonly Mistake[] = [
  {
    what: 'a request above its limit',
    spec: { sidecar: { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } } },
    mend: { sidecar: null },
    reason: 'Refused',
    told: 'Refused',
    field: 'resources.requests',
  },
];

const it = testbedTest('invalid', ['worker', 'watcher']);

describe.for(MISTAKES)('$what', ({ spec, mend, reason, told, field }) => {
  const node = (when: string): string => `${reason.toLowerCase()}-${when}`;

  it('stalls a node that is at rest, whose pod goes on', async ({ bed }) => {
    const name = node('at-rest');
    await createValidator(bed, name);
    await bed.nodes.patchSpec(name, spec);
    const stalled = await untilStalled(bed, name, reason);
    expect(messageOf(stalled, 'Stalled')).toContain(field);
    expect(stalled.status).toMatchObject({ phase: 'Running', currentImage: V1 });

    await bed.nodes.patchSpec(name, mend);
    const mended = await bed.nodes.untilSettledOn(name, V1);
    expect(conditionOf(mended, 'Stalled')).toMatch(/^False/);
    expect(bed.statefulSets.uids(name)).toHaveLength(1);
    expect(bed.pods.uids(name)).toHaveLength(1);
  });

  it('stalls a node that comes up, which does once it is corrected', async ({ bed }) => {
    const name = node('new');
    await create(bed, name, spec);
    const stalled = await untilStalled(bed, name, reason);
    expect(messageOf(stalled, 'Stalled')).toContain(field);
    expect(bed.statefulSets.uids(name)).toHaveLength(0);
    await bed.nodes.patchSpec(name, mend);
    await bed.nodes.untilSettledOn(name, V1);
    expect(bed.statefulSets.uids(name)).toHaveLength(1);
  });

  it('holds up an update, which goes on once it is corrected', async ({ bed }) => {
    const name = node('update');
    await createValidator(bed, name);
    await bed.nodes.patchSpec(name, { image: V2, ...spec });
    const held = await bed.nodes.until(
      name,
      'it says what holds it up',
      (version) => findCondition(version.status?.conditions, 'Ready')?.reason === told,
    );
    expect(messageOf(held, 'Ready')).toContain(field);
    expect(held.status).toMatchObject({ phase: 'Running', currentImage: V1 });
    await bed.nodes.patchSpec(name, mend);
    const mended = await bed.nodes.untilSettledOn(name, V2);
    expect(mended.status?.plan?.lastFailure).toBeUndefined();
    expect(bed.pods.uids(name)).toHaveLength(2);
  });

  it('keeps a deleted StatefulSet from being made again, and loses none', async ({ bed }) => {
    const name = node('deleted');
    await createValidator(bed, name);
    await bed.nodes.patchSpec(name, spec);
    await untilStalled(bed, name, reason);
    await bed.kubectl(['delete', 'statefulset', name]);
    await untilEvent(bed, name, 'StatefulSetGone');
    await bed.nodes.patchSpec(name, mend);
    await bed.nodes.untilSettledOn(name, V1);
    await eventually(
      'its sidecar is ready',
      async () => (await bed.sidecars.state(bed.key(name))).sidecar?.ready === true,
    );
    expect(bed.statefulSets.uids(name)).toHaveLength(2);
  });
});

async function createValidator(bed: Testbed, name: string): Promise<void> {
  await create(bed, name, {});
  await bed.nodes.untilSettledOn(name, V1);
  await bed.runs.closed(bed.key(name));
}

/** @param spec a merge patch of a valid validator's spec */
async function create(bed: Testbed, name: string, spec: object): Promise<void> {
  const right = { chainId: 'pacific-1', image: V1, validator: validatorOf(name) };
  const manifest = {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name },
    // Nobody works on the node until the mistake is made.
    spec: { ...right, paused: true },
  };
  await bed.kubectl(['create', '-f', '-'], { input: JSON.stringify(manifest) });
  await bed.nodes.patchSpec(name, { ...spec, paused: false });
}

function messageOf(node: SeiNode, type: ConditionType): string | undefined {
  return findCondition(node.status?.conditions, type)?.message;
}

function untilStalled(bed: Testbed, node: string, reason: string): Promise<SeiNode> {
  return bed.nodes.until(
    node,
    `it is stalled for ${reason}`,
    (version) => conditionOf(version, 'Stalled') === `True/${reason}`,
  );
}
