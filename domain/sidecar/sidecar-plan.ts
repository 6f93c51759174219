/**
 * Decides which tasks the sidecar does on a node's data volume before seid starts for the first time. The
 * types of the tasks and their parameters are the sidecar's own (`seictl serve`, sidecar/client/tasks.go,
 * with sei-config's intent.go and config.go).
 */

import type { Role, SeiNode, SeiNodeSpec, Snapshot } from '../node/sei-node.ts';
import { roleOf } from '../node/sei-node.ts';
import type { SidecarTaskStep } from '../node/step.ts';
import { peerSources } from './peer-source.ts';

/** A task of the sidecar in a plan. */
export interface PlannedTask {
  readonly type: SidecarTaskStep;
  readonly params?: Readonly<Record<string, unknown>>;
  /** The number of retries after it has failed. */
  readonly retries: number;
}

/** The original operator's: a new chain's genesis may take its validators an hour to assemble. */
const GENESIS_RETRIES = 180;
/** The original operator's: peers that start at the same time answer within minutes. */
const PEER_RETRIES = 20;

/** sei-config's default distance of state-sync snapshots, in blocks. */
const SNAPSHOT_INTERVAL = 2000;

/** sei-config's modes. A replayer is a full node that starts from an old snapshot. */
const MODES: Readonly<Record<Role, string>> = {
  node: 'full',
  replayer: 'full',
  archive: 'archive',
  validator: 'validator',
};

/**
 * Returns the tasks in their order. Each may run again on a volume where it has run before.
 *
 * @param nodes all SeiNodes among which the node's peers may be.
 * @param clusterDomain under which the cluster's DNS has them
 */
export function initTasks(
  node: SeiNode,
  nodes: Iterable<SeiNode>,
  clusterDomain: string,
): readonly PlannedTask[] {
  const { spec } = node;
  const snapshot = snapshotOf(spec);
  const sources = peerSources(node, nodes, clusterDomain);
  const tasks: PlannedTask[] = [];
  if (snapshot?.s3 !== undefined) {
    const { targetHeight } = snapshot.s3;
    tasks.push({ type: 'snapshot-restore', params: { targetHeight }, retries: 0 });
  }
  tasks.push({ type: 'configure-genesis', retries: GENESIS_RETRIES });
  tasks.push({ type: 'config-apply', params: configIntent(spec), retries: 0 });
  if (sources.length > 0) {
    tasks.push({ type: 'discover-peers', params: { sources }, retries: PEER_RETRIES });
  }
  if (snapshot !== undefined) {
    const params = stateSync(snapshot);
    tasks.push({ type: 'configure-state-sync', params, retries: 0 });
  }
  tasks.push({ type: 'config-validate', retries: 0 });
  return tasks;
}

/**
 * Returns the seconds until a failed task is retried: 10, 20, then 30, as in the original operator.
 *
 * @param failures the number of its failures, at least 1.
 */
export function taskRetrySeconds(failures: number): number {
  return Math.min(5 * 2 ** failures, 30);
}

function snapshotOf({ fullNode, replayer, validator }: SeiNodeSpec): Snapshot | undefined {
  return fullNode?.snapshot ?? replayer?.snapshot ?? validator?.snapshot;
}

function configIntent(spec: SeiNodeSpec) {
  const overrides = { ...ownOverrides(spec), ...spec.overrides };
  return {
    mode: MODES[roleOf(spec)],
    incremental: false,
    // The newest version that the sidecar knows.
    targetVersion: 0,
    ...(Object.keys(overrides).length > 0 && { overrides }),
  };
}

/** Returns the configuration that other fields of the spec imply. `spec.overrides` has the last word. */
function ownOverrides(spec: SeiNodeSpec): Readonly<Record<string, string>> {
  const snapshots = (spec.fullNode ?? spec.archive)?.snapshotGeneration?.tendermint;
  return {
    ...(spec.externalAddress !== undefined &&
      spec.externalAddress !== '' && { 'network.p2p.external_address': spec.externalAddress }),
    ...(snapshots !== undefined && {
      'storage.snapshot_interval': String(SNAPSHOT_INTERVAL),
      'storage.snapshot_keep_recent': String(snapshots.keepRecent),
    }),
  };
}

/** Returns the parameters of state sync. A restored archive is a state-sync snapshot too, which is on the volume. */
function stateSync({ s3, trustPeriod, backfillBlocks, rpcServers }: Snapshot) {
  return {
    ...(s3 !== undefined && { useLocalSnapshot: true }),
    ...(trustPeriod !== undefined && { trustPeriod }),
    ...(backfillBlocks !== undefined && { backfillBlocks }),
    ...(rpcServers !== undefined && { rpcServers }),
  };
}
