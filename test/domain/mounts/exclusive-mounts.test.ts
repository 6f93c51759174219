import { describe, expect, it } from 'vitest';

import type { HolderState, MountUser } from '../../../domain/mounts/exclusive-mounts.ts';
import {
  exclusiveMounts,
  holderState,
  inUseStall,
  otherUser,
} from '../../../domain/mounts/exclusive-mounts.ts';
import type { SeiNode, SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import { runningNode, seiNode } from '../../support/sei-node.ts';

const KEYRING = {
  secretName: 'keyring',
  passphraseSecretRef: { secretName: 'words', key: 'k' },
};

const namesOf = (spec: Partial<SeiNodeSpec>) =>
  exclusiveMounts(seiNode({ spec }).spec).map(({ kind, name }) => `${kind} ${name}`);

describe('exclusiveMounts', () => {
  it.each<[string, Partial<SeiNodeSpec>, readonly string[]]>([
    ['a full node', {}, []],
    ['a validator without keys', { validator: {} }, []],
    [
      'all that signs, in the same order for every node',
      {
        validator: {
          signingKey: { secret: { secretName: 'signing' } },
          nodeKey: { secret: { secretName: 'p2p' } },
          operatorKeyring: { secret: KEYRING },
        },
        dataVolume: { import: { pvcName: 'chain-data' } },
      },
      ['PersistentVolumeClaim chain-data', 'Secret keyring', 'Secret p2p', 'Secret signing'],
    ],
    [
      'a Secret that holds two keys, once',
      {
        validator: {
          signingKey: { secret: { secretName: 'keys' } },
          nodeKey: { secret: { secretName: 'keys' } },
        },
      },
      ['Secret keys'],
    ],
  ])('are those of %s', (_, spec, names) => {
    expect(namesOf(spec)).toEqual(names);
  });
});

describe('otherUser', () => {
  const MOUNT = { kind: 'Secret', name: 'key', field: 'spec.validator' } as const;
  const user = (node: string, parts: Partial<MountUser> = {}): MountUser => ({
    node,
    secrets: [],
    claims: [],
    ...parts,
  });

  it.each<[string, MountUser, boolean]>([
    ['the pod of another node with the Secret', user('n1', { secrets: ['key'] }), true],
    ['its own pod', user('n0', { secrets: ['key'] }), false],
    ['a pod with another Secret', user('n1', { secrets: ['other'] }), false],
    ['a pod with a claim of that name', user('n1', { claims: ['key'] }), false],
  ])('is, or is not, %s', (_, other, isFound) => {
    expect(otherUser(seiNode(), MOUNT, [user('n2'), other])).toBe(isFound ? other : undefined);
  });

  it('is named with what it has, where, and what to do', () => {
    expect(inUseStall(MOUNT, 'n1', 'stays')).toEqual({
      reason: 'IdentityInUse',
      message:
        'Secret key (spec.validator) is in use by SeiNode n1, and two pods must not have it at a time: delete that node, or set its spec.paused if it runs (`seinode pause` only holds it, and frees nothing), or delete this node and create it with another Secret; no pod of this node is made or let through before',
    });
  });

  const deletionTimestamp = '2026-01-01T00:00:00Z';
  it.each<[string, SeiNode | undefined, HolderState, string]>([
    ['runs', runningNode(), 'stays', 'delete that node'],
    ['is deleted', seiNode({ metadata: { deletionTimestamp } }), 'ends', 'on its way down'],
    ['is paused', runningNode({ spec: { paused: true } }), 'ends', 'on its way down'],
    ['is paused and held', heldAndPaused(), 'stays', 'delete that node'],
    ['has failed, where a pause does nothing', failedAndPaused(), 'stays', 'delete that node'],
    ['is gone', undefined, 'gone', 'label sei.io/node=n1 is left'],
  ])('says what to do if the other %s', (_, holder, state, remedy) => {
    expect(holderState(holder)).toBe(state);
    expect(inUseStall(MOUNT, 'n1', state).message).toContain(remedy);
  });
});

function heldAndPaused(): SeiNode {
  const hold = { actor: 'eve', reason: 'why', since: '2026-01-01T00:00:00Z' };
  return runningNode({ spec: { paused: true }, status: { hold } });
}

function failedAndPaused(): SeiNode {
  return seiNode({ spec: { paused: true }, status: { phase: 'Failed' } });
}
