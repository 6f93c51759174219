import { listNodes } from './cluster/read-nodes.ts';
import { whereOf } from './completion.ts';
import type { Surroundings } from './shell/session.ts';
import { openSession } from './shell/session.ts';

/** The name of an object. The shell puts a completion into the line, so that must be nothing else. */
const NAME = /^[-a-z0-9.]+$/;

/** The longest that a person waits after the tab key. */
const ANSWER_MS = 1_500;

/**
 * Lists the nodes that a line may be about while it is being completed; none when the cluster does not answer in time,
 * because a message would get into the line.
 */
export async function nodeNames(
  words: readonly string[],
  around: Surroundings,
): Promise<readonly string[]> {
  try {
    const session = openSession({ output: 'text', ...whereOf(words) }, around);
    try {
      const { kubernetes, namespace } = session;
      const nodes = await listNodes(kubernetes, namespace, AbortSignal.timeout(ANSWER_MS));
      return nodes.map(({ metadata }) => metadata.name).filter((name) => NAME.test(name));
    } finally {
      await session.kubernetes.close();
    }
  } catch {
    return [];
  }
}
