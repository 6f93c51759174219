import { failurePolicy } from '../failure/failure-policy.ts';
import { failureTypeOf } from '../failure/failure-type.ts';
import { findCondition } from '../node/condition.ts';
import { standingFailure } from '../node/failed-update.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { isUnderWay, wantedImage } from './node-health.ts';

/** The outcome of the work on a node, for anybody who waits for its end. */
export type NodeOutcome =
  /** The work goes on, or waits for something that time or a person may bring. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'done'; readonly message: string }
  /** No work is under way any more, and still the node does not serve: it may in a moment. */
  | { readonly kind: 'unready'; readonly message: string }
  /** The work ended in another way than expected, or only a changed node gets it on. */
  | { readonly kind: 'failed'; readonly message: string };

/**
 * Decides whether somebody who waits for the node can stop waiting. A stall ends nothing: it is over once
 * its cause is fixed. Nor does a failure that the next attempt may fix.
 *
 * @param node undefined once it is gone.
 * @param image the requested image; undefined to wait for any work that is under way.
 */
export function nodeOutcome(node: SeiNode | undefined, name: string, image?: string): NodeOutcome {
  if (node === undefined) return failed(`SeiNode ${name} is gone`);
  const { metadata, spec, status } = node;
  if (image !== undefined && spec.image !== image) {
    return failed(
      `${image} is superseded: somebody set spec.image of SeiNode ${name} to ${spec.image}`,
    );
  }
  if (image !== undefined && wantedImage(node) !== image) {
    return failed(`SeiNode ${name} is rolled back from ${image} to ${wantedImage(node)}`);
  }
  // Status was decided from an older spec, and the operator has yet to look at this one.
  if ((status?.observedGeneration ?? metadata.generation) < metadata.generation) {
    return { kind: 'pending' };
  }
  if (status?.phase === 'Failed') {
    return failed(`SeiNode ${name} failed: ${lastWords(node)}`);
  }
  const { conditions, currentImage } = status ?? {};
  const failure = standingFailure(status)?.lastFailure;
  if (failure !== undefined && needsChange(failure.reason)) {
    return failed(
      `SeiNode ${name} failed at ${failure.step}: ${failure.reason}: ${failure.message}`,
    );
  }
  if (spec.paused === true && status?.phase === 'Running' && currentImage !== wantedImage(node)) {
    return failed(
      `SeiNode ${name} is paused: it runs ${wantedImage(node)} once spec.paused is false`,
    );
  }
  const stalled = findCondition(conditions, 'Stalled');
  if (stalled?.status === 'True') {
    if (!needsChange(stalled.reason)) return { kind: 'pending' };
    return failed(`SeiNode ${name} is stalled: ${stalled.reason}: ${stalled.message}`);
  }
  if (isUnderWay(node)) return { kind: 'pending' };
  const ready = findCondition(conditions, 'Ready');
  if (ready?.status === 'False' && spec.paused !== true) {
    const message = `SeiNode ${name} runs ${currentImage ?? '(nothing)'} and is not ready: ${ready.reason}: ${ready.message}`;
    return { kind: 'unready', message };
  }
  return { kind: 'done', message: `SeiNode ${name} runs ${currentImage ?? '(nothing)'}` };
}

function failed(message: string): NodeOutcome {
  return { kind: 'failed', message };
}

/** Returns whether only a change gets the node on. After any other failure the operator tries again on its own. */
function needsChange(reason: string): boolean {
  return failurePolicy(failureTypeOf(reason)).retry === 'on-change';
}

function lastWords({ status }: SeiNode): string {
  const { plan, conditions } = status ?? {};
  const ready = findCondition(conditions, 'Ready');
  return plan?.lastFailure?.message ?? ready?.message ?? 'status gives no reason';
}
