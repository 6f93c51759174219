import { describe, expect, it } from 'vitest';

import type { SeiNode, SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import {
  configStatus,
  configRecord,
  patchedRecord,
} from '../../../domain/sidecar/config-status.ts';
import { statusWithConditions } from '../../../domain/status/status-conditions.ts';
import { NOW, runningNode } from '../../support/sei-node.ts';

/** Returns a node that was brought up from one spec and has another by now. */
function changed(from: Partial<SeiNodeSpec>, to: Partial<SeiNodeSpec>): SeiNode {
  const config = configRecord(runningNode({ spec: from }));
  return runningNode({ spec: to, status: { config } });
}

function conditionOf(node: SeiNode) {
  const inForce = configStatus(node);
  return inForce.kind === 'unrecorded' ? inForce.condition : inForce.kind;
}

const STATIC = { static: { addresses: ['id@host:26656'] } };
const TAGS = { ec2Tags: { region: 'eu-central-1', tags: { a: 'b' } } };

describe('the configuration of a node', () => {
  it('is not judged where nobody recorded what it was made from', () => {
    expect(conditionOf(runningNode())).toBe('unknown');
  });

  it.each<[string, Partial<SeiNodeSpec>, Partial<SeiNodeSpec>]>([
    ['nothing was changed', { overrides: { a: '1', b: '2' } }, { overrides: { b: '2', a: '1' } }],
    ['only what a template carries was', { podLabels: {} }, { podLabels: { team: 'x' } }],
    ['a field was emptied that was not set', {}, { overrides: {}, peers: [], externalAddress: '' }],
  ])('is in force, and needs no condition that says so, when %s', (_, from, to) => {
    expect(conditionOf(changed(from, to))).toBe('recorded');
  });

  it.each<[string, Partial<SeiNodeSpec>, Partial<SeiNodeSpec>, string]>([
    [
      'overrides',
      {},
      { overrides: { a: '1' } },
      'spec.overrides: is read when a node is brought up',
    ],
    [
      'peers that are all static',
      {},
      { peers: [STATIC] },
      'spec.peers: takes effect with the next update',
    ],
    ['peers to discover', {}, { peers: [STATIC, TAGS] }, 'spec.peers: is read when'],
    [
      'the address',
      {},
      { externalAddress: 'a:1' },
      'spec.externalAddress: takes effect with the next',
    ],
    [
      'the address, taken away',
      { externalAddress: 'a:1' },
      {},
      'spec.externalAddress: the address that',
    ],
    [
      'the snapshot',
      {},
      { fullNode: { snapshot: { s3: { targetHeight: 5 } } } },
      'spec.fullNode.snapshot: is read when',
    ],
    [
      'snapshots to make',
      {},
      { fullNode: { snapshotGeneration: { tendermint: { keepRecent: 2 } } } },
      'spec.fullNode.snapshotGeneration: is read when',
    ],
  ])(
    'is not in force after a change of %s, which is named with its remedy',
    (_, from, to, said) => {
      expect(conditionOf(changed(from, to))).toMatchObject({
        type: 'ConfigCurrent',
        status: 'False',
        reason: 'SpecNotInForce',
        message: expect.stringContaining(said) as string,
      });
    },
  );

  it.each<[string, Partial<SeiNodeSpec>]>([
    ['genesisCeremony', { validator: { genesisCeremony: { index: 1 } } }],
    ['resultExport', { replayer: { snapshot: {}, resultExport: {} } }],
    [
      'snapshotGeneration.tendermint.publish',
      { fullNode: { snapshotGeneration: { tendermint: { keepRecent: 1, publish: {} } } } },
    ],
  ])('names %s, which nothing reads, from the bring-up on', (path, spec) => {
    expect(conditionOf(changed(spec, spec))).toMatchObject({
      status: 'False',
      message: expect.stringMatching(`^spec.*${path}: kept, but nothing reads it$`) as string,
    });
  });

  it('is in force again once the value is restored, and says so', () => {
    const node = changed({ overrides: { a: '1' } }, { overrides: { a: '2' } });
    const inForce = configStatus(node);
    if (inForce.kind !== 'unrecorded') throw new Error('it is not in force');
    const status = statusWithConditions(node, [inForce.condition], NOW);
    expect(conditionOf({ ...node, status })).toBe('recorded');
    const restored = { ...node, status, spec: { ...node.spec, overrides: { a: '1' } } };
    expect(conditionOf(restored)).toMatchObject({ status: 'True', reason: 'SpecInForce' });
  });

  it('is in force after an update as far as that has patched it', () => {
    const node = changed({}, { externalAddress: 'a:1', peers: [STATIC], overrides: { a: '1' } });
    const config = patchedRecord(node, node.status?.config ?? {});
    const patched = { ...node, status: { ...node.status, config } };
    expect(conditionOf(patched)).toMatchObject({
      message: expect.stringMatching(/^spec\.overrides: [^;]*$/) as string,
    });
  });
});
