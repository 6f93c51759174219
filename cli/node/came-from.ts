import type { Plan } from '../../domain/node/sei-node-status.ts';

/**
 * Returns the image that a node is on its way from. The running image changes in the middle of a plan, and this one
 * does not.
 */
export function cameFrom(plan: Plan | undefined, running: string | undefined): string | undefined {
  return plan?.targetImage === running ? (plan?.previousImage ?? running) : running;
}
