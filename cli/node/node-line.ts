import type { SeiNode } from '../../domain/node/sei-node.ts';
import { nodeHealth, wantedImage } from '../../domain/status/node-health.ts';
import { cameFrom } from './came-from.ts';

/**
 * Describes the state of a node in one line, for a person who follows it without a live view. A line is worth printing
 * when it differs from the one before.
 */
export function nodeLine(node: SeiNode | undefined): string {
  if (node === undefined) return 'gone';
  const { state, step, blockers, running } = nodeHealth(node);
  const { plan } = node.status ?? {};
  const parts: string[] = [state];
  if (state === 'updating' || state === 'starting') {
    const from = plan?.phase === 'Active' ? cameFrom(plan, running) : running;
    parts.push(`${from ?? '(nothing)'} -> ${wantedImage(node)}`);
    parts.push(
      plan?.phase === 'Active' ? `${step ?? 'finish'} ${doneOf(plan.tasks)}` : 'not begun',
    );
  } else if (step !== undefined) {
    parts.push(`at ${step}`);
  }
  for (const { reason, message } of blockers) parts.push(`${reason}: ${message}`);
  return parts.join(', ');
}

function doneOf(tasks: readonly { readonly status: string }[]): string {
  return `(${tasks.filter(({ status }) => status === 'Complete').length}/${tasks.length} done)`;
}
