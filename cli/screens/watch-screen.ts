import type { Plan } from '../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { nodeHealth } from '../../domain/status/node-health.ts';
import { cameFrom } from '../node/came-from.ts';
import type { StepClock } from '../node/step-clock.ts';
import type { StepDurations } from '../node/step-durations.ts';
import { age, duration } from './duration.ts';
import { shortImage } from './image-name.ts';
import { oneLine } from './one-line.ts';
import type { Palette } from './palette.ts';
import { paintOf } from './state-mark.ts';
import { stepRows } from './step-rows.ts';
import { table } from './table.ts';
import { wrap } from './wrap.ts';

export interface WatchScreen {
  readonly node: SeiNode;
  readonly clock: StepClock;
  /** The frame of the spinner. */
  readonly busy: string;
  readonly now: Date;
  /** The width of the terminal. */
  readonly columns: number;
  /** The reason of an interrupted connection; undefined while it is not. */
  readonly interruption: string | undefined;
}

/** The indent of a message under its reason. */
const INDENT = '    ';
/** The width below which lines of a narrower terminal are cut off. */
const NARROWEST = 20;

/** Renders what the live view shows at one moment. */
export function watchScreen(screen: WatchScreen, palette: Palette): readonly string[] {
  const { node, clock, busy, now, columns, interruption } = screen;
  const { state, since, wanted, running, blockers } = nodeHealth(node);
  const plan = planShown(node, wanted);
  const paint = paintOf(state, palette);
  const lines = [
    `${palette.strong(node.metadata.name)}  ${paint(state)}  ${shortImage(cameFrom(plan, running))} -> ${shortImage(wanted)}  ${palette.dim(age(since, now))}`.trimEnd(),
  ];
  if (plan !== undefined) {
    lines.push(...table(stepRows(plan, durationsOf(clock, now), busy, palette), '  '));
  }
  for (const { reason, message, since: blockedSince } of blockers) {
    lines.push(`  ${palette.bad(reason)} ${palette.dim(age(blockedSince, now))}`.trimEnd());
    lines.push(
      ...wrap(oneLine(message), Math.max(NARROWEST, columns - INDENT.length)).map(
        (line) => INDENT + line,
      ),
    );
  }
  if (interruption !== undefined) {
    lines.push(palette.warn(`  connection interrupted, trying again: ${oneLine(interruption)}`));
  }
  return lines;
}

/** Returns the plan worth showing: one that has ended says nothing of an update that has not begun. */
function planShown({ status }: SeiNode, wanted: string): Plan | undefined {
  const { plan } = status ?? {};
  return plan?.phase === 'Complete' && plan.targetImage !== wanted ? undefined : plan;
}

/** Returns the durations of the steps as they were seen, up to now for the one under way. */
function durationsOf({ steps }: StepClock, now: Date): StepDurations {
  const durations = new Map<string, number>();
  for (const [step, { beganMs, endedMs }] of steps) {
    if (beganMs !== undefined) durations.set(step, (endedMs ?? now.getTime()) - beganMs);
  }
  return durations;
}

/** Renders a plain line: the time since the beginning, and the change. */
export function watchLine(elapsedMs: number, line: string): string {
  return `${duration(elapsedMs).padStart(6)}  ${oneLine(line)}`;
}
