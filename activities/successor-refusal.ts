import type { V1Pod } from '@kubernetes/client-node';

import { POD_REFUSED } from '../domain/pod-trouble.ts';
import { fitsInPlace } from '../domain/quota-refusal.ts';
import type { Stall } from '../domain/stall.ts';
import { classifyApiError } from '../kubernetes/api/errors.ts';
import type { ActivityDeps } from './deps.ts';

/** Refusals of the question and not of the pod: the role of this worker, and webhooks, may be older. */
const NO_ANSWER = [/cannot create resource "pods"/, /does not support dry run/];

/**
 * Why the API server would not take the pod that is to follow the one under its name, or undefined. It is
 * asked by a dry run: a refusal is heard while there still is a pod, and not from the StatefulSet
 * controller when there is none. An installation may turn that off.
 *
 * @throws what the API server cannot answer, such as a webhook that is down: that pod would not come either.
 */
export async function successorRefusal(
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
      reason: POD_REFUSED,
      message: `pod ${name} stays, because the one after it would be refused: ${message}; if a policy minds only who creates it, set SEINODE_CHECK_SUCCESSOR=false for the worker`,
    };
  }
}
