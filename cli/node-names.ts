import { listNodes } from './cluster/read-nodes.ts';
import { whereOf } from './completion.ts';
import type { Surroundings } from './shell/session.ts';
import { openSession } from './shell/session.ts';

/** Of an object. The shell puts what is completed into the line, so it must be nothing else. */
const NAME = /^[-a-z0-9.]+$/;

/** Nobody waits longer for the tab key. */
const ANSWER_MS = 1_500;

/**
 * The nodes that a line which is being completed may be about; none when the cluster does not answer
 * in time, since a message would get into the line.
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
