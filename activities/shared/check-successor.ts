import type { V1Pod } from '@kubernetes/client-node';

import type { Stall } from '../../domain/node/stall.ts';
import { fitsInPlace } from '../../domain/pod/quota-refusal.ts';
import { classifyApiError } from '../../kubernetes/api/errors.ts';
import type { ActivityDeps } from '../deps.ts';

/** Refusals of the question and not of the pod: the role of this worker, and webhooks, may be older than this check. */
const NO_ANSWER = [/cannot create resource "pods"/, /does not support dry run/];

/**
 * Returns the stall of a next pod that the API server would refuse, or undefined. Asks by a dry run, so that a refusal
 * is heard while there still is a pod, and not from the StatefulSet controller when there is none. An installation may
 * turn that off.
 *
 * @throws errors that give no answer, such as of a webhook that is down: the pod would not be made either
 */
export async function checkSuccessor(
  { api, logger, checksSuccessor = true }: Pick<ActivityDeps, 'api' | 'logger' | 'checksSuccessor'>,
  pod: V1Pod,
): Promise<Stall | undefined> {
  if (!checksSuccessor) return undefined;
  const { namespace = '', name = '' } = pod.metadata ?? {};
  try {
    await api.dryRunPod(pod);
    return undefined;
  } catch (err) {
    const { kind, message } = classifyApiError(err);
    if (kind !== 'forbidden' && kind !== 'invalid') throw err;
    if (fitsInPlace(message)) return undefined;
    if (NO_ANSWER.some((pattern) => pattern.test(message))) {
      logger.warn('the next pod was not tried', { namespace, name, error: message });
      return undefined;
    }
    return {
      reason: 'PodRefused',
      message: `pod ${name} stays, because the one after it would be refused: ${message}; if a policy minds only who creates it, set SEINODE_CHECK_SUCCESSOR=false for the worker`,
    };
  }
}
