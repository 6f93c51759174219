import { findCondition, isConditionTrue } from '../../domain/condition.ts';
import type { SeiNode } from '../../domain/sei-node.ts';

/** What a person sees of a node at one moment: changes of it are what the demo prints. */
export function nodeLine(node: SeiNode): string {
  const { phase = 'Pending', currentImage, plan, conditions } = node.status ?? {};
  const done = plan?.tasks.filter((task) => task.status === 'Complete') ?? [];
  const parts = [phase.padEnd(12), `runs ${tagOf(currentImage)}`.padEnd(12)];
  if (plan?.phase === 'Active') {
    const last = done.at(-1);
    parts.push(
      last === undefined
        ? `begun, to ${tagOf(plan.targetImage)}`
        : `${last.type} done (${done.length}/${plan.tasks.length})`,
    );
  } else {
    parts.push(findCondition(conditions, 'NodeUpdateInProgress')?.reason ?? '');
  }
  if (isConditionTrue(conditions, 'Stalled')) {
    const stalled = findCondition(conditions, 'Stalled');
    parts.push(`Stalled: ${stalled?.reason}: ${stalled?.message}`);
  }
  return parts.join('  ').trimEnd();
}

function tagOf(image: string | undefined): string {
  return image === undefined ? '(none)' : image.slice(image.lastIndexOf(':') + 1);
}

/** Whether the node runs what it wants and nothing is under way. */
export function isSettled(node: SeiNode, image: string): boolean {
  const { phase, currentImage, conditions, plan } = node.status ?? {};
  return (
    phase === 'Running' &&
    currentImage === image &&
    plan?.phase === 'Complete' &&
    !isConditionTrue(conditions, 'NodeUpdateInProgress')
  );
}
