import { setTimeout as delay } from 'node:timers/promises';

import pTimeout from 'p-timeout';

import type { NodeRef } from '../domain/node/node-ref.ts';
import { isNodePod } from '../domain/pod/node-pod.ts';
import { hasEnded } from '../domain/pod/pod-view.ts';
import type { ConfigPatch } from '../domain/sidecar/config-patch.ts';
import { configPatch } from '../domain/sidecar/config-patch.ts';
import { patchedRecord } from '../domain/sidecar/config-status.ts';
import { classifyApiError } from '../kubernetes/api/errors.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ConfigPatchInput } from './contract/rollout.ts';
import type { ActivityDeps } from './deps.ts';
import { confirmUpdateWanted } from './shared/confirm-update-wanted.ts';
import type { PodSidecar } from './shared/pod-sidecar.ts';
import { createPodSidecar } from './shared/pod-sidecar.ts';
import { recordEvent } from './shared/record-event.ts';

/** The merge of a few keys takes milliseconds; anything longer than this is not worth a roll's time. */
const PATIENCE_MS = 3_000;
const PAUSE_MS = 50;

/**
 * Patches the configuration on the node's volume through the sidecar of the pod that is about to be replaced, if that
 * answers in time. It patches what the spec says, not the input, and only in an update that is under way. The roll goes
 * on in any case: the next update mends an outdated address, and nothing mends a roll that waits for a broken sidecar.
 *
 * Safe to retry: the same keys are merged into the same files, recording that again changes nothing, and the Event's
 * name follows from the plan and its target.
 */
export function createConfigPatch(deps: ActivityDeps): NodeActivities['configPatch'] {
  return async (input) => {
    const now = await confirmUpdateWanted(deps, input);
    const files = now.kind === 'wanted' ? configPatch(now.node) : undefined;
    if (now.kind !== 'wanted' || files === undefined) {
      return {
        kind: 'skipped',
        reason: 'the update is not under way any more, or patches nothing',
      };
    }
    const patience = new AbortController();
    const patching = patch(deps, input, files, patience.signal).catch(sidecarMessageOf);
    const reason = await pTimeout(patching, {
      milliseconds: PATIENCE_MS,
      fallback: () => {
        patience.abort();
        return `no answer within ${PATIENCE_MS} ms`;
      },
    });
    if (reason === undefined) {
      await recordPatched(deps, input.node, now.node.metadata.generation);
      return { kind: 'patched' };
    }
    await recordEvent(deps, input.node, {
      type: 'Warning',
      reason: 'ConfigPatchSkipped',
      message: `the configuration was not patched before the update to ${input.target.image}: ${reason}`,
      occurrence: `${input.planId} ${input.target.image}`,
    });
    return { kind: 'skipped', reason };
  };
}

/** Records the patch unless the spec has changed since: then the update that follows patches the new one. */
async function recordPatched(deps: ActivityDeps, node: NodeRef, generation: number): Promise<void> {
  await updateNodeStatus(deps, node, (current) => {
    const { config } = current.status ?? {};
    if (config === undefined || current.metadata.generation !== generation) return undefined;
    return { ...current.status, config: patchedRecord(current, config) };
  });
}

/** Returns the reason why it was not patched; undefined if it was. */
async function patch(
  deps: ActivityDeps,
  input: ConfigPatchInput,
  files: ConfigPatch,
  patience: AbortSignal,
): Promise<string | undefined> {
  const sidecar = sidecarOf(deps, input);
  if (sidecar === undefined) return 'the node has no pod';
  const { taskId: id } = input;
  await sidecar.submitTask({ id, type: 'config-patch', params: { files } });
  for (;;) {
    const task = await sidecar.getTask(id);
    if (task?.status === 'completed') {
      await sidecar.confirm();
      return undefined;
    }
    if (task?.status === 'failed') return `task config-patch failed: ${task.error ?? ''}`;
    await delay(PAUSE_MS, undefined, { signal: patience });
  }
}

function sidecarOf(
  deps: ActivityDeps,
  { node, statefulSet: { uid } }: ConfigPatchInput,
): PodSidecar | undefined {
  const { namespace, name } = node;
  const pod = deps.cache
    .pods(node)
    .find(
      (candidate) =>
        isNodePod(candidate, { namespace, name, uid }) &&
        candidate.deletionTimestamp === undefined &&
        !hasEnded(candidate),
    );
  return pod && createPodSidecar(deps, node, pod);
}

/** @throws an error of the API server, which says nothing about the sidecar. */
function sidecarMessageOf(err: unknown): string {
  if (classifyApiError(err).kind !== 'other') throw err;
  return messageOf(err);
}

function messageOf(err: unknown): string {
  return err instanceof Error ? err.message : String(err);
}
