import { beforeEach, describe, expect, it } from 'vitest';

import type { RolloutInput } from '../../../activities/contract/rollout.ts';
import type { ConditionType } from '../../../domain/node/condition.ts';
import { findCondition } from '../../../domain/node/condition.ts';
import type { ValidatorMode } from '../../../domain/node/sei-node.ts';
import { NODE, seiNode } from '../../support/sei-node.ts';
import { ActivityBed, PLAN, rollingBed } from '../activity-bed.ts';

const KEYS: ValidatorMode = {
  signingKey: { secret: { secretName: 'signing' } },
  nodeKey: { secret: { secretName: 'p2p' } },
  operatorKeyring: {
    secret: { secretName: 'keyring', passphraseSecretRef: { secretName: 'words', key: 'k' } },
  },
};
const key = (name: string) => ({ namespace: NODE.namespace, name });

let bed: ActivityBed;

const condition = (type: ConditionType) => findCondition(bed.node.status?.conditions, type);

function validatorBed(checksSecrets = true): ActivityBed {
  bed = new ActivityBed({ checksSecrets });
  const { fullNode: _, ...spec } = seiNode().spec;
  bed.cluster.createNode({ ...seiNode(), spec: { ...spec, validator: KEYS } });
  return bed;
}

describe('the keys of a validator', () => {
  it('hold back the pod of a node whose Secret is missing, and say which', async () => {
    validatorBed();
    for (const name of ['signing', 'keyring', 'words']) bed.cluster.createSecret(key(name));
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({
      type: 'SecretNotFound',
      nonRetryable: false,
      message: expect.stringContaining('Secret p2p (spec.validator.nodeKey') as string,
    });
    expect(condition('SigningKeyReady')).toMatchObject({ status: 'True', reason: 'SecretFound' });
    expect(condition('NodeKeyReady')).toMatchObject({ status: 'False', reason: 'SecretNotFound' });
    expect(condition('Stalled')).toMatchObject({ status: 'True', reason: 'SecretNotFound' });
  });

  it('end the stall once all of them are there', async () => {
    validatorBed();
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toThrow('signing');
    for (const name of ['signing', 'p2p', 'keyring', 'words']) bed.cluster.createSecret(key(name));
    await bed.run('ensureDataPvc', PLAN);
    expect(condition('Stalled')?.status).toBe('False');
    expect(condition('OperatorKeyringReady')?.status).toBe('True');
  });

  it('are not asked for, and no claim is made about them, where the installation forbids it', async () => {
    validatorBed(false);
    await bed.run('ensureDataPvc', PLAN);
    expect(bed.cluster.requests.of('getSecretMetadata')).toEqual([]);
    expect(condition('SigningKeyReady')).toMatchObject({
      status: 'Unknown',
      reason: 'NotChecked',
    });
    expect(condition('Stalled')).toBeUndefined();
  });
});

describe('an imported claim', () => {
  const CLAIM = key('chain-data');
  beforeEach(() => {
    bed = new ActivityBed();
    const dataVolume = { import: { pvcName: CLAIM.name } };
    bed.cluster.createNode(seiNode({ spec: { dataVolume } }));
  });

  it('is waited for, visibly, while it is missing', async () => {
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({ nonRetryable: false });
    expect(condition('ImportPVCReady')).toMatchObject({ status: 'False', reason: 'PVCNotReady' });
    expect(condition('Stalled')).toMatchObject({ status: 'True', reason: 'PVCNotReady' });
  });

  it('that no node can write to ends the bring-up', async () => {
    bed.cluster.createClaim(CLAIM, [], { accessModes: ['ReadOnlyMany'] });
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({
      type: 'PVCInvalid',
      nonRetryable: true,
      message: expect.stringContaining('has access modes ReadOnlyMany') as string,
    });
    expect(condition('ImportPVCReady')).toMatchObject({ status: 'False', reason: 'PVCInvalid' });
  });

  it.each([
    ['Bound', 'True', 'PVCValidated'],
    // It may be one that is bound when the pod is scheduled.
    ['Pending', 'Unknown', 'PVCNotBound'],
  ] as const)('that is %s does not hold the node back', async (phase, status, reason) => {
    bed.cluster.createClaim(CLAIM, [], { accessModes: ['ReadWriteOnce'], phase });
    await bed.run('ensureDataPvc', PLAN);
    expect(condition('ImportPVCReady')).toMatchObject({ status, reason });
    expect(condition('Stalled')).toBeUndefined();
  });
});

describe('the pod of a roll', () => {
  let rollout: RolloutInput;
  beforeEach(async () => {
    ({ bed, rollout } = await rollingBed());
  });

  it('stays while the claim of the data is being deleted, which it is all that keeps', async () => {
    bed.cluster.deleteClaim(key('data-n0'));
    expect(await bed.run('replacePod', { ...rollout, known: undefined })).toMatchObject({
      kind: 'blocked',
      trouble: {
        reason: 'DataVolumeTerminating',
        message: expect.stringContaining('data-n0 is being deleted since 20') as string,
      },
    });
    expect(bed.cluster.requests.of('deletePod')).toEqual([]);
  });

  it('is replaced when all is there, and nothing is written about it', async () => {
    await bed.run('replacePod', { ...rollout, known: undefined });
    expect(bed.cluster.requests.of('deletePod')).toHaveLength(1);
    expect(bed.cluster.requests.of('patchNodeStatus')).toHaveLength(1);
  });
});
