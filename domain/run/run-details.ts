import type { NodeRef } from '../node/node-ref.ts';
import { keyOf } from '../node/node-ref.ts';
import { asCode } from '../text/markdown.ts';
import type { RunProgress } from './node-run.ts';

/**
 * Renders Markdown for the Web UI: the facts that a person wants first, then the next action. Shows all
 * text of the cluster or of a message as code, since anybody may have written it.
 */
export function runDetails(
  node: NodeRef,
  failures: number,
  progress: Omit<RunProgress, 'node' | 'failures' | 'held'>,
): string {
  const { target, previousImage = '(none)', step, waitingFor, since, heldBy, lastError } = progress;
  // Markdown recognises a list only after an empty line.
  const lines = [`**${asCode(keyOf(node))}**`, ''];
  if (target !== undefined) lines.push(`- image: ${asCode(previousImage)} → ${asCode(target)}`);
  if (step !== undefined) lines.push(`- step: ${asCode(step)}`);
  if (waitingFor !== undefined) lines.push(`- waits for: ${asCode(waitingFor)} (since ${since})`);
  if (heldBy !== undefined) {
    lines.push(
      `- held by ${asCode(heldBy)}: its pod is let through, and all else waits for \`resume\``,
    );
  }
  if (failures > 0) lines.push(`- failures in a row: ${failures}`);
  if (lastError !== undefined) lines.push(`- last error: ${asCode(lastError)}`);
  return lines.join('\n');
}
