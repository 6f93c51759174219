import type { Plan } from '../../domain/node/sei-node-status.ts';

/** The times at which a step was seen to begin and to end, in milliseconds since the epoch. */
export interface StepTime {
  /** Undefined if it began before the first look. */
  readonly beganMs: number | undefined;
  /** Undefined if it has not ended, or ended before the first look. */
  readonly endedMs: number | undefined;
}

/** The times of the steps of one plan, as far as they were seen. */
export interface StepClock {
  readonly plan: string | undefined;
  /** The step under way. */
  readonly current: string | undefined;
  readonly steps: ReadonlyMap<string, StepTime>;
}

export const unstartedClock: StepClock = { plan: undefined, current: undefined, steps: new Map() };

const UNSEEN: StepTime = { beganMs: undefined, endedMs: undefined };

/**
 * Returns the clock after a look at the plan. A step begins when the one before it is complete, and the first one with
 * the plan; the beginning of a step that was under way before the first look is unknown.
 *
 * @param nowMs milliseconds since the epoch
 */
export function advanced(clock: StepClock, plan: Plan | undefined, nowMs: number): StepClock {
  if (plan === undefined) return unstartedClock;
  const id = plan.id ?? plan.startedAt;
  const before = clock.plan === id ? clock : undefined;
  const current = currentOf(plan);
  const steps = plan.tasks.map(({ type }, index): readonly [string, StepTime] => {
    const seen = before?.steps.get(type) ?? UNSEEN;
    if (type === current) {
      const { beganMs = beginOf(index, plan, before, type, nowMs) } = seen;
      return [type, { beganMs, endedMs: undefined }];
    }
    if (type !== before?.current || seen.beganMs === undefined) return [type, seen];
    return [type, { beganMs: seen.beganMs, endedMs: nowMs }];
  });
  return { plan: id, current, steps: new Map(steps) };
}

function currentOf({ phase, tasks }: Plan): string | undefined {
  if (phase !== 'Active') return undefined;
  return tasks.find(({ status }) => status === 'Pending')?.type;
}

/** Returns the beginning of the step under way; undefined when nobody saw it. */
function beginOf(
  index: number,
  { startedAt }: Plan,
  before: StepClock | undefined,
  step: string,
  nowMs: number,
): number | undefined {
  if (index === 0) return startedAt === undefined ? undefined : Date.parse(startedAt);
  return before !== undefined && before.current !== step ? nowMs : undefined;
}
