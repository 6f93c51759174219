import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

import { FailureType } from '../domain/failure-type.ts';
import type { MountFinding, SecretState } from '../domain/mounts.ts';
import {
  dataClaimFinding,
  importFinding,
  isStalledByMount,
  keyFinding,
  keyMounts,
  newsOf,
} from '../domain/mounts.ts';
import type { NodeRef } from '../domain/node-ref.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { Stall } from '../domain/stall.ts';
import { settledStall, stalledNode, statusWithConditions } from '../domain/status-conditions.ts';
import { claimView } from '../kubernetes/claim-view.ts';
import { classifyApiError } from '../kubernetes/errors.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import { dataVolumeClaimName } from '../manifests/object-metadata.ts';
import type { ActivityDeps } from './deps.ts';
import { permanentFailure } from './failure-policy.ts';
import { nodeAt } from './node-at.ts';

/**
 * Makes sure that the pod to come finds what it mounts: the keys of a validator, and the claim of the
 * node's data. What was found is recorded; a pod that would wait for something is neither made nor
 * put in the place of one that runs.
 *
 * Safe to repeat: it reads, and recording what is recorded changes nothing.
 *
 * @param claims `imported` where the operator has just made the node's own claim.
 * @throws a retryable failure while something is missing: the node is Stalled as long as that holds.
 */
export async function requireMounts(
  deps: ActivityDeps,
  ref: NodeRef,
  claims: 'all' | 'imported',
): Promise<void> {
  const node = await nodeAt(deps, ref, 0);
  if (node === undefined) return;
  const findings = [
    ...(await claimFindings(deps, node, claims)),
    ...(await keyFindings(deps, node)),
  ];
  const verdicts = findings.map(({ verdict }) => verdict);
  const stall = verdicts.find((verdict) => verdict.kind === 'stalled')?.stall;
  await record(deps, node, findings, stall);
  const invalid = verdicts.find((verdict) => verdict.kind === 'invalid');
  if (invalid !== undefined) throw permanentFailure(FailureType.PVCInvalid, invalid.message);
  if (stall !== undefined) throw waitsFor(stall);
}

async function claimFindings(
  deps: ActivityDeps,
  node: SeiNode,
  claims: 'all' | 'imported',
): Promise<readonly MountFinding[]> {
  const imported = node.spec.dataVolume?.import?.pvcName;
  if (imported === undefined && claims === 'imported') return [];
  const { namespace } = node.metadata;
  const name = imported ?? dataVolumeClaimName(node);
  const claim = await deps.api.getPersistentVolumeClaim({ namespace, name });
  const view = claim && claimView(claim);
  return [imported === undefined ? dataClaimFinding(name, view) : importFinding(name, view)];
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
    // In a namespace without the right nothing is known, and that is no reason to hold a node back.
    if (classifyApiError(err).kind === 'forbidden') return 'not-checked';
    throw err;
  }
}

async function record(
  deps: ActivityDeps,
  node: SeiNode,
  findings: readonly MountFinding[],
  stall: Stall | undefined,
): Promise<void> {
  const hasNews =
    stall !== undefined || newsOf(findings, node.status).length > 0 || isStalledByMount(node);
  if (!hasNews) return;
  await updateNodeStatus(deps, node.metadata, (current) => {
    const now = deps.now().toISOString();
    const before = current.status ?? {};
    const settled = stall === undefined && isStalledByMount(current) ? settledStall(before) : [];
    const news = newsOf(findings, before);
    const status = statusWithConditions(current, [...settled, ...news], now);
    return stall === undefined ? status : stalledNode({ ...current, status }, stall, now);
  });
}

/** The longest pause between two looks: nobody watches Secrets and claims. */
const LONGEST_PAUSE_SECONDS = 60;

function waitsFor({ reason, message }: Stall): ApplicationFailure {
  const { attempt } = Context.current().info;
  const seconds = Math.min(2 ** attempt, LONGEST_PAUSE_SECONDS);
  return ApplicationFailure.create({
    message,
    type: reason,
    nextRetryDelay: `${seconds} seconds`,
  });
}
