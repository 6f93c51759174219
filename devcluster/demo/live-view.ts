import { keyOf } from '../../domain/node-ref.ts';
import type { ClusterCache } from '../../kubernetes/cluster.ts';
import { isSettled, nodeLine } from './node-line.ts';

/** Nobody watches a demo for longer; a slow machine needs a fraction of it. */
const DEADLINE_MS = 180_000;

/**
 * Prints each change of each node, with the time since the call, until all nodes run the image that
 * they want.
 *
 * @throws when that does not come about in time, with what each node was doing then
 */
export async function untilAllSettled(
  cache: ClusterCache,
  imageOf: ReadonlyMap<string, string>,
  print: (line: string) => void,
): Promise<void> {
  const began = Date.now();
  const shown = new Map<string, string>();
  const width = Math.max(...[...imageOf.keys()].map((key) => key.length));
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const open: string[] = [];
        for (const [key, image] of imageOf) {
          const [namespace = '', name = ''] = key.split('/');
          const node = cache.node({ namespace, name });
          if (node === undefined || !isSettled(node, image)) open.push(key);
          const line = node === undefined ? '' : nodeLine(node);
          if (line === '' || shown.get(key) === line) continue;
          shown.set(key, line);
          const seconds = ((Date.now() - began) / 1_000).toFixed(2).padStart(6);
          print(`${seconds} s  ${key.padEnd(width)}  ${line}`);
        }
        if (open.length === 0) resolve();
      };
      unsubscribe = cache.subscribe((node) => {
        if (imageOf.has(keyOf(node))) look();
      });
      timer = setTimeout(() => {
        const states = [...imageOf.keys()].map(
          (key) => `  ${key}: ${shown.get(key) ?? 'not seen'}`,
        );
        reject(new Error(`not done within ${DEADLINE_MS / 1_000} s:\n${states.join('\n')}`));
      }, DEADLINE_MS);
      look();
    });
  } finally {
    clearTimeout(timer);
    unsubscribe();
  }
}
