import type { Plan, PlanTask } from '../../domain/node/sei-node-status.ts';
import type { StepDurations } from '../node/step-durations.ts';
import { duration } from './duration.ts';
import { oneLine } from './one-line.ts';
import type { Palette } from './palette.ts';
import type { Cell } from './table.ts';

/**
 * Renders the steps of a plan, one row each: a mark, the name, the time.
 *
 * @param busy the mark of the step under way: a frame of a spinner, or a dot
 */
export function stepRows(
  plan: Plan,
  durations: StepDurations,
  busy: string,
  palette: Palette,
): readonly (readonly Cell[])[] {
  const current =
    plan.phase === 'Active' ? plan.tasks.find(({ status }) => status === 'Pending') : undefined;
  return plan.tasks.map((task) => {
    const took = durations.get(task.type);
    return [
      task === current ? { text: busy, paint: palette.warn } : markOf(task, palette),
      task === current ? { text: task.type, paint: palette.strong } : task.type,
      took === undefined ? '' : duration(took),
      { text: oneLine(task.error ?? ''), paint: palette.bad },
    ];
  });
}

function markOf({ status }: PlanTask, palette: Palette): Cell {
  switch (status) {
    case 'Complete':
      return { text: '✓', paint: palette.good };
    case 'Failed':
      return { text: '✗', paint: palette.bad };
    case 'Pending':
      return { text: '○', paint: palette.dim };
  }
}
