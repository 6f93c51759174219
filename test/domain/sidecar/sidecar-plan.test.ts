import { describe, expect, it } from 'vitest';

import type { Phase } from '../../../domain/node/sei-node-status.ts';
import type { SeiNode, SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import { SIDECAR_TASK_STEPS } from '../../../domain/node/step.ts';
import { initTasks, taskRetrySeconds } from '../../../domain/sidecar/sidecar-plan.ts';
import { combinations } from '../../support/combinations.ts';
import { EARLIER, seiNode } from '../../support/sei-node.ts';

const fixedPeers = { static: { addresses: ['id-1@peer-1:26656', 'id-2@peer-2:26656'] } };
const taggedPeers = { ec2Tags: { region: 'eu-central-1', tags: { Chain: 'pacific-1' } } };
const labelledPeers = { label: { selector: { 'sei.io/chain': 'pacific-1' } } };

const ofNamespace = (namespace: string) => ({ label: { ...labelledPeers.label, namespace } });

/** Each mode with its snapshot, if it takes one. */
const MODES = {
  fullNode: (snapshot) => ({ fullNode: { ...(snapshot && { snapshot }) } }),
  archive: () => ({ archive: {} }),
  validator: (snapshot) => ({ validator: { ...(snapshot && { snapshot }) } }),
  replayer: (snapshot) => ({ replayer: { snapshot: snapshot ?? { stateSync: {} } } }),
} as const satisfies Record<
  string,
  (snapshot: NonNullable<SeiNodeSpec['fullNode']>['snapshot']) => Partial<SeiNodeSpec>
>;

const SNAPSHOTS = {
  none: undefined,
  s3: { s3: { targetHeight: 198_740_000 }, trustPeriod: '9999h0m0s', backfillBlocks: 6000 },
  stateSync: { stateSync: {} },
} as const;

const ROWS = combinations({
  mode: Object.keys(MODES) as (keyof typeof MODES)[],
  snapshot: Object.keys(SNAPSHOTS) as (keyof typeof SNAPSHOTS)[],
  peers: [false, true],
});

type Row = (typeof ROWS)[number];

/** Returns a node in exactly this mode. */
function nodeWith(spec: Partial<SeiNodeSpec>, name = 'n0'): SeiNode {
  const { fullNode: _, ...plain } = seiNode({ spec }).spec;
  const node = seiNode({ metadata: { name, uid: `uid-of-${name}` } });
  return { ...node, spec: { ...plain, ...spec } };
}

/** The domain of the cluster, which need not be cluster.local. */
const DOMAIN = 'k8s.example';

function tasksIn({ mode, snapshot, peers }: Row) {
  const spec = MODES[mode](SNAPSHOTS[snapshot]);
  return initTasks(nodeWith({ ...spec, ...(peers && { peers: [fixedPeers] }) }), [], DOMAIN);
}

const typesIn = (row: Row) => tasksIn(row).map(({ type }) => type);
const paramsOf = (node: SeiNode, type: string, nodes: readonly SeiNode[] = []) =>
  initTasks(node, nodes, DOMAIN).find((task) => task.type === type)?.params;

/** Returns the number of peers from each source, if all are labels. */
function peersFound(node: SeiNode, nodes: readonly SeiNode[]): readonly number[] {
  const sources = paramsOf(node, 'discover-peers', nodes)?.['sources'];
  return (sources as readonly { endpoints: unknown[] }[]).map(({ endpoints }) => endpoints.length);
}

function peer(name: string, phase: Phase, chain = 'pacific-1', namespace = 'default'): SeiNode {
  const node = nodeWith({ fullNode: {} }, name);
  const labels = { 'sei.io/chain': chain };
  return { ...node, metadata: { ...node.metadata, namespace, labels }, status: { phase } };
}

describe('initTasks', () => {
  it.each(ROWS)('keep their order in mode $mode, snapshot $snapshot, peers $peers', (row) => {
    const types = typesIn(row);
    expect(types).toEqual(SIDECAR_TASK_STEPS.filter((step) => types.includes(step)));
  });

  it.each(ROWS)('begin and end with what every node needs: $mode, $snapshot, $peers', (row) => {
    expect(typesIn(row)).toEqual(expect.arrayContaining(['configure-genesis', 'config-apply']));
    expect(typesIn(row).at(-1)).toBe('config-validate');
  });

  it('restore a snapshot exactly where the spec asks for one from the bucket', () => {
    const restoring = ROWS.filter((row) => typesIn(row).includes('snapshot-restore'));
    expect(restoring).toEqual(
      ROWS.filter((row) => row.mode !== 'archive' && row.snapshot === 's3'),
    );
  });

  it('configure state sync exactly where the node starts from a snapshot', () => {
    const syncing = ROWS.filter((row) => typesIn(row).includes('configure-state-sync'));
    const starting = ({ mode, snapshot }: Row) =>
      mode === 'replayer' || (mode !== 'archive' && snapshot !== 'none');
    expect(syncing).toEqual(ROWS.filter(starting));
  });

  it('discover peers exactly where there are some', () => {
    const discovering = ROWS.filter((row) => typesIn(row).includes('discover-peers'));
    expect(discovering).toEqual(ROWS.filter((row) => row.peers));
  });

  it('have the budgets of the original operator', () => {
    const tasks = tasksIn({ mode: 'fullNode', snapshot: 's3', peers: true });
    expect(Object.fromEntries(tasks.map(({ type, retries }) => [type, retries]))).toEqual({
      'snapshot-restore': 0,
      'configure-genesis': 180,
      'config-apply': 0,
      'discover-peers': 20,
      'configure-state-sync': 0,
      'config-validate': 0,
    });
  });
});

describe('snapshot-restore', () => {
  it('gets the height; the bucket is in the environment of the sidecar', () => {
    const node = nodeWith({ replayer: { snapshot: SNAPSHOTS.s3 } });
    expect(paramsOf(node, 'snapshot-restore')).toEqual({ targetHeight: 198_740_000 });
  });
});

describe('config-apply', () => {
  it.each([
    ['fullNode', 'full'],
    ['replayer', 'full'],
    ['archive', 'archive'],
    ['validator', 'validator'],
  ] as const)('generates for %s the configuration of mode %s', (mode, name) => {
    const node = nodeWith(MODES[mode](SNAPSHOTS.stateSync));
    expect(paramsOf(node, 'config-apply')).toEqual({
      mode: name,
      incremental: false,
      targetVersion: 0,
    });
  });

  it('carries what the spec says in fields of its own, and lets its overrides win', () => {
    const overrides = { 'evm.http_port': '8545', 'storage.snapshot_keep_recent': '9' };
    const archive = { snapshotGeneration: { tendermint: { keepRecent: 5 } } };
    const node = nodeWith({ archive, externalAddress: 'p2p.example.com:26656', overrides });
    expect(paramsOf(node, 'config-apply')).toMatchObject({
      overrides: {
        'evm.http_port': '8545',
        'network.p2p.external_address': 'p2p.example.com:26656',
        'storage.snapshot_interval': '2000',
        'storage.snapshot_keep_recent': '9',
      },
    });
  });
});

describe('configure-state-sync', () => {
  it('takes a restored snapshot from the volume', () => {
    const node = nodeWith({ validator: { snapshot: SNAPSHOTS.s3 } });
    expect(paramsOf(node, 'configure-state-sync')).toEqual({
      useLocalSnapshot: true,
      trustPeriod: '9999h0m0s',
      backfillBlocks: 6000,
    });
  });

  it('asks the witnesses that the spec names', () => {
    const rpcServers = ['rpc-0:26657', 'rpc-1:26657'];
    const node = nodeWith({ fullNode: { snapshot: { stateSync: {}, rpcServers } } });
    expect(paramsOf(node, 'configure-state-sync')).toEqual({ rpcServers });
  });
});

describe('discover-peers', () => {
  it('passes tags and addresses on', () => {
    const node = nodeWith({ fullNode: {}, peers: [taggedPeers, fixedPeers] });
    expect(paramsOf(node, 'discover-peers')).toEqual({
      sources: [
        { type: 'ec2Tags', region: 'eu-central-1', tags: { Chain: 'pacific-1' } },
        { type: 'static', addresses: ['id-1@peer-1:26656', 'id-2@peer-2:26656'] },
      ],
    });
  });

  it('resolves labels to the Running nodes of the namespace that carry them', () => {
    const node = nodeWith({ fullNode: {}, peers: [labelledPeers] });
    const nodes = [
      peer('b', 'Running'),
      peer('a', 'Running'),
      peer('starting', 'Initializing'),
      peer('of-another-chain', 'Running', 'atlantic-2'),
      peer('elsewhere', 'Running', 'pacific-1', 'other'),
    ];
    expect(paramsOf(node, 'discover-peers', nodes)).toEqual({
      sources: [
        {
          type: 'dnsEndpoints',
          endpoints: ['a-0.a.default.svc.k8s.example', 'b-0.b.default.svc.k8s.example'],
        },
      ],
    });
  });

  it('looks in the namespace that the source names', () => {
    const source = { label: { selector: { 'sei.io/chain': 'pacific-1' }, namespace: 'other' } };
    const node = nodeWith({ fullNode: {}, peers: [source] });
    const nodes = [peer('elsewhere', 'Running', 'pacific-1', 'other'), peer('here', 'Running')];
    expect(paramsOf(node, 'discover-peers', nodes)).toEqual({
      sources: [
        { type: 'dnsEndpoints', endpoints: ['elsewhere-0.elsewhere.other.svc.k8s.example'] },
      ],
    });
  });

  it('names each peer once, by the first source that finds it', () => {
    const ofTeam = { label: { selector: { team: 'core' } } };
    const node = nodeWith({ fullNode: {}, peers: [ofTeam, labelledPeers, ofTeam, labelledPeers] });
    const [a, b] = [peer('a', 'Running'), peer('b', 'Running')];
    const core = {
      ...a,
      metadata: { ...a.metadata, labels: { ...a.metadata.labels, team: 'core' } },
    };
    expect(paramsOf(node, 'discover-peers', [b, core])).toEqual({
      sources: [
        { type: 'dnsEndpoints', endpoints: ['a-0.a.default.svc.k8s.example'] },
        { type: 'dnsEndpoints', endpoints: ['b-0.b.default.svc.k8s.example'] },
      ],
    });
  });

  it('names no more than 500 peers by label, however many there are', () => {
    const node = nodeWith({ fullNode: {}, peers: [labelledPeers, ofNamespace('other')] });
    const nodes = Array.from({ length: 450 }, (_, at) => [
      peer(`here-${at}`, 'Running'),
      peer(`there-${at}`, 'Running', 'pacific-1', 'other'),
    ]).flat();
    expect(peersFound(node, nodes)).toEqual([450, 50]);
  });

  it('looks at each node once for each thing that is looked for, however often that is asked', () => {
    let looks = 0;
    const nodes = Array.from({ length: 300 }, (_, at) => {
      const found = peer(`peer-${at}`, 'Running');
      const { labels, ...metadata } = found.metadata;
      const counted = Object.defineProperty({ ...metadata }, 'labels', {
        get: () => {
          looks += 1;
          return labels;
        },
      });
      return { ...found, metadata: counted };
    });
    const asked = [labelledPeers, { label: { selector: { 'sei.io/chain': 'atlantic-2' } } }];
    const peers = Array.from({ length: 9_000 }, () => structuredClone(asked)).flat();
    const node = nodeWith({ fullNode: {}, peers });
    expect(peersFound(node, nodes)).toEqual([300]);
    expect(looks).toBe(2 * nodes.length);
  });

  it('resolves as many sources as the CRD takes, of an object that is older than that', () => {
    const peers = Array.from({ length: 100 }, (_, at) => ofNamespace(`other-${at}`));
    const node = nodeWith({ fullNode: {}, peers });
    const nodes = peers.map(({ label }) => peer('a', 'Running', 'pacific-1', label.namespace));
    expect(peersFound(node, nodes)).toHaveLength(64);
  });

  it('is left out, and no cold start waits for it, when labels match no node that could answer', () => {
    const node = {
      ...peer('n0', 'Running'),
      spec: { ...nodeWith({ peers: [labelledPeers] }).spec },
    };
    const leaving = peer('leaving', 'Running');
    const nodes = [
      node,
      peer('starting', 'Initializing'),
      { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp: EARLIER } },
    ];
    expect(initTasks(node, nodes, DOMAIN).map(({ type }) => type)).not.toContain('discover-peers');
  });
});

describe('taskRetrySeconds', () => {
  it('doubles from 10 seconds to 30', () => {
    expect([1, 2, 3, 4, 180].map(taskRetrySeconds)).toEqual([10, 20, 30, 30, 30]);
  });
});
