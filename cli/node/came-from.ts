import type { Plan } from '../../domain/node/sei-node-status.ts';

/**
 * The image that a node is on its way from. What it runs changes in the middle of the plan, where it
 * came from does not.
 */
export function cameFrom(plan: Plan | undefined, running: string | undefined): string | undefined {
  return plan?.targetImage === running ? (plan?.previousImage ?? running) : running;
}
