import type { NodeRunInput } from '../domain/run/node-run.ts';
import { drive } from './drive.ts';
import { NodeRun } from './node-run.ts';
import { syncWork } from './sync-work.ts';

/** Converges a node without a roll: a missing or foreign StatefulSet, a pause, labels, resources, edits of others. */
export async function nodeSync(input: NodeRunInput): Promise<void> {
  const run = new NodeRun(input);
  await drive(run, syncWork(run));
}
