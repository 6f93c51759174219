import { claimsKept } from './claims-kept.ts';
import { oneKeyOnePod } from './one-key-one-pod.ts';
import { ownObjectsOnly } from './own-objects-only.ts';
import type { Recording } from './replay.ts';
import type { Violation } from './violation.ts';

/** Finds every write of a recording that breaks a rule, in the order in which they took effect. */
export function violationsIn(recording: Recording): readonly Violation[] {
  const rules = [oneKeyOnePod(), claimsKept(), ownObjectsOnly()];
  const violations: Violation[] = [];
  recording.replay((write, world) => {
    for (const rule of rules) violations.push(...rule(write, world));
  });
  return violations;
}
