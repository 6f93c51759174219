import { describe, expect, it } from 'vitest';

import type { SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import { configPatch } from '../../../domain/sidecar/config-patch.ts';
import { startedUpdate } from '../../../domain/work/update-lifecycle.ts';
import { NOW, runningNode, seiNode, SIDECAR, V2 } from '../../support/sei-node.ts';

const fixedPeers = { static: { addresses: ['id-1@peer-1:26656', 'id-2@peer-2:26656'] } };
const morePeers = { static: { addresses: ['id-3@peer-3:26656'] } };
const labelledPeers = { label: { selector: { 'sei.io/chain': 'pacific-1' } } };

const patchFor = (spec: Partial<SeiNodeSpec>) => configPatch(seiNode({ spec }));

describe('configPatch', () => {
  it.each([
    ['nothing about addresses', {}],
    ['an empty external address', { externalAddress: '' }],
    ['no source of peers', { peers: [] }],
    ['peers that have to be discovered', { peers: [labelledPeers] }],
  ])('is nothing for a spec with %s', (_, spec) => {
    expect(patchFor(spec)).toBeUndefined();
  });

  it('refreshes the external address', () => {
    expect(patchFor({ externalAddress: 'p2p.example.com:26656' })).toEqual({
      'config.toml': { p2p: { 'external-address': 'p2p.example.com:26656' } },
    });
  });

  it('refreshes the peers of a spec that names them all', () => {
    expect(patchFor({ peers: [fixedPeers, morePeers] })).toEqual({
      'config.toml': {
        p2p: { 'persistent-peers': 'id-1@peer-1:26656,id-2@peer-2:26656,id-3@peer-3:26656' },
      },
    });
  });

  it('leaves the peers alone where some of them were discovered', () => {
    const spec = { externalAddress: 'a:1', peers: [fixedPeers, labelledPeers] };
    expect(patchFor(spec)).toEqual({ 'config.toml': { p2p: { 'external-address': 'a:1' } } });
  });
});

describe('the plan of an update', () => {
  const start = {
    planId: 'plan-2',
    workflowId: 'w',
    target: { image: V2, sidecarImage: SIDECAR, replicas: 1 },
    cause: 'seid v1 -> v2',
  } as const;
  const stepsOf = (spec: Partial<SeiNodeSpec>) =>
    startedUpdate(runningNode({ spec }), start, NOW).plan?.tasks.map(({ type }) => type);

  it('has the step before the pod is replaced, where there is something to patch', () => {
    expect(stepsOf({ externalAddress: 'a:1' })).toEqual([
      'apply-statefulset',
      'apply-service',
      'config-patch',
      'replace-pod',
      'observe-image',
      'mark-ready',
    ]);
  });

  it('does without it otherwise', () => {
    expect(stepsOf({})).not.toContain('config-patch');
  });
});
