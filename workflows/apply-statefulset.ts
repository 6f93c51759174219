import type { AttemptInput } from '../activities/contract/plan.ts';
import type { ApplyStatefulSetResult } from '../activities/contract/rollout.ts';
import type { NodeRun } from './node-run.ts';
import { pauseBefore } from './pause-before.ts';
import { throughEndingStalls } from './through-stalls.ts';

/** More than it takes: an impostor is recorded, then deleted, then the StatefulSet is created, with one race lost. */
const PASSES_AT_ONCE = 4;

type Applied = Exclude<ApplyStatefulSetResult, { kind: 'again' | 'mounts-in-use' }>;

/** Reasons why no pass is the last one, as people read them. */
const KEEPS_HAPPENING = {
  again: 'something keeps making StatefulSets of its name',
  'mounts-in-use': 'other nodes keep taking what its pod mounts',
} as const;

/**
 * Does `apply-statefulset` in as many passes as it takes. A pass applies nothing if it clears an identity, deletes an
 * impostor, or finds that another node has what the pod would mount.
 */
export async function applyStatefulSet(run: NodeRun, input: AttemptInput): Promise<Applied> {
  let cause: keyof typeof KEEPS_HAPPENING = 'again';
  for (let pass = 1; ; pass += 1) {
    if (pass > PASSES_AT_ONCE) {
      run.pacing.blame(
        `apply-statefulset of ${input.node.name} has taken ${pass - 1} passes: ${KEEPS_HAPPENING[cause]}`,
      );
      await pauseBefore(run, input.planId, 'turn');
    }
    const applied = await run.steps.applyStatefulSet(input);
    switch (applied.kind) {
      case 'again':
        cause = applied.kind;
        continue;
      case 'mounts-in-use': {
        cause = applied.kind;
        const awaited = await awaitMounts(run, input);
        if (awaited.kind !== 'free') return awaited;
        continue;
      }
      case 'gone':
      case 'superseded':
      case 'applied':
        return applied;
    }
  }
}

async function awaitMounts(run: NodeRun, input: AttemptInput) {
  const waitingFor = 'another node to let go of what the pod mounts';
  run.show({ step: 'await-mounts', waitingFor });
  const end = await throughEndingStalls(run, input, waitingFor, (stallable) =>
    run.steps.awaitMounts({ ...input, ...stallable }),
  );
  run.show({ step: 'apply-statefulset', waitingFor: undefined });
  return end;
}
