import { FailureType } from '../../domain/failure/failure-type.ts';
import type { MountFinding, SecretState } from '../../domain/mounts/mounts.ts';
import {
  dataClaimFinding,
  importFinding,
  isStalledByMount,
  keyFinding,
  keyMounts,
  unrecordedConditions,
} from '../../domain/mounts/mounts.ts';
import { dataVolumeClaimName } from '../../domain/node/data-volume.ts';
import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { Stall } from '../../domain/node/stall.ts';
import { importOwnership } from '../../domain/owned/owned-object.ts';
import {
  clearedStall,
  stalledNode,
  statusWithConditions,
} from '../../domain/status/status-conditions.ts';
import { classifyApiError } from '../../kubernetes/api/errors.ts';
import { updateNodeStatus } from '../../kubernetes/node-status.ts';
import { statusPatch } from '../../kubernetes/status-patch.ts';
import { claimView, foundClaim } from '../../kubernetes/views/claim-view.ts';
import type { ActivityDeps } from '../deps.ts';
import { getActiveNode } from './get-node.ts';
import { permanentFailure } from './permanent-failure.ts';
import { stalledBy } from './stalled-by.ts';

/**
 * Makes sure that the pod of a bring-up finds what it mounts: the keys of a validator, and the claim of the node's
 * data. A pod that would wait for a mount is not made.
 *
 * Safe to repeat: it reads, and recording what is already recorded changes nothing.
 *
 * @param claims `imported` where the operator has just made the node's own claim
 * @throws a retryable failure while something is missing; the node is Stalled meanwhile
 */
export async function requireMounts(
  deps: ActivityDeps,
  ref: NodeRef,
  claims: 'all' | 'imported',
): Promise<void> {
  const node = await getActiveNode(deps, ref, 0);
  if (node === undefined) return;
  const findings = await lookAtMounts(deps, node, claims);
  const stall = stallIn(findings);
  await record(deps, node, findings, (current, status, now) => {
    if (stall !== undefined) return stalledNode({ ...current, status }, stall, now);
    if (!isStalledByMount(current)) return status;
    return statusWithConditions({ ...current, status }, clearedStall(status), now);
  });
  const invalid = findings.map(({ verdict }) => verdict).find(({ kind }) => kind === 'invalid');
  if (invalid?.kind === 'invalid') throw permanentFailure(FailureType.PVCInvalid, invalid.message);
  if (stall !== undefined) throw stalledBy(stall);
}

/**
 * Returns the stall of a next pod that would not start for lack of what it mounts; the caller records it. A claim that
 * already runs a pod is good enough for the next one.
 */
export async function checkMounts(deps: ActivityDeps, ref: NodeRef): Promise<Stall | undefined> {
  const node = await getActiveNode(deps, ref, 0);
  if (node === undefined) return undefined;
  const findings = await lookAtMounts(deps, node, 'all');
  await record(deps, node, findings, (_, status) => status);
  return stallIn(findings);
}

function stallIn(findings: readonly MountFinding[]): Stall | undefined {
  for (const { verdict } of findings) if (verdict.kind === 'stalled') return verdict.stall;
  return undefined;
}

async function lookAtMounts(
  deps: ActivityDeps,
  node: SeiNode,
  claims: 'all' | 'imported',
): Promise<readonly MountFinding[]> {
  return [...(await claimFindings(deps, node, claims)), ...(await keyFindings(deps, node))];
}

async function claimFindings(
  deps: ActivityDeps,
  node: SeiNode,
  claims: 'all' | 'imported',
): Promise<readonly MountFinding[]> {
  const imported = node.spec.dataVolume?.import?.pvcName;
  if (imported === undefined && claims === 'imported') return [];
  const { namespace } = node.metadata;
  const name = dataVolumeClaimName(node);
  const claim = await deps.api.getPersistentVolumeClaim({ namespace, name });
  const view = claim && claimView(claim);
  if (imported === undefined) return [dataClaimFinding(name, view)];
  // Another node may have made or adopted the claim since this node began.
  const ownership = claim && importOwnership(node, foundClaim(claim));
  if (ownership?.kind === 'refuse') throw permanentFailure(ownership.type, ownership.message);
  return [importFinding(name, view)];
}

async function keyFindings(deps: ActivityDeps, node: SeiNode): Promise<readonly MountFinding[]> {
  const mounts = keyMounts(node.spec);
  const states = new Map<string, SecretState>();
  for (const { secrets } of mounts) {
    for (const { name } of secrets) states.set(name, await secretState(deps, node, name));
  }
  return mounts.map((mount) => keyFinding(mount, (name) => states.get(name) ?? 'not-checked'));
}

async function secretState(
  { api, checksSecrets = false }: ActivityDeps,
  { metadata: { namespace } }: SeiNode,
  name: string,
): Promise<SecretState> {
  if (!checksSecrets) return 'not-checked';
  try {
    const secret = await api.getSecretMetadata({ namespace, name });
    if (secret === undefined) return 'missing';
    return secret.deletionTimestamp === undefined ? 'there' : 'terminating';
  } catch (err) {
    // Without the right to read Secrets nothing is known, which is no reason to stall a node.
    if (classifyApiError(err).kind === 'forbidden') return 'not-checked';
    throw err;
  }
}

/** @param finish completes the status that has the findings */
async function record(
  deps: ActivityDeps,
  node: SeiNode,
  findings: readonly MountFinding[],
  finish: (node: SeiNode, status: SeiNodeStatus, now: string) => SeiNodeStatus,
): Promise<void> {
  const recorded = (current: SeiNode): SeiNodeStatus => {
    const now = deps.now().toISOString();
    const news = unrecordedConditions(findings, current.status);
    const before = current.status ?? {};
    return finish(
      current,
      news.length === 0 ? before : statusWithConditions(current, news, now),
      now,
    );
  };
  // Where the cache is behind, this skips or adds one write; the next look makes up for it.
  if (statusPatch(node.status, recorded(node)) === undefined) return;
  await updateNodeStatus(deps, node.metadata, recorded);
}
