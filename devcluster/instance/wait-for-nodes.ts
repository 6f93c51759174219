import { z } from 'zod';

import type { Devcluster } from './devcluster.ts';
import { waitUntil } from './wait-until.ts';

const nodeList = z.object({
  items: z.array(
    z.object({
      spec: z.object({ taints: z.array(z.object({ key: z.string() })).default([]) }),
      status: z.object({
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

/** An API server that has just started answers within a second, or not at all. */
const GET = ['get', '--request-timeout=10s'];

/**
 * Resolves when pods can be scheduled and created: kwok has made the nodes ready, the node lifecycle
 * controller has removed its taint, and the default namespace has its service account.
 */
export async function waitForNodes(kubectl: Devcluster['kubectl']): Promise<void> {
  await waitUntil(
    'Readiness of the simulated nodes',
    // The controllers act within a second of their start; a loaded machine delays that start.
    { seconds: 60, everyMs: 100 },
    async () => {
      const { items } = nodeList.parse(JSON.parse(await kubectl([...GET, 'nodes', '-o', 'json'])));
      const ready = items.every(
        ({ spec, status }) =>
          status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True') &&
          !spec.taints.some(({ key }) => key.startsWith('node.kubernetes.io/')),
      );
      if (!ready) return undefined;
      const account = ['serviceaccount', 'default', '--ignore-not-found', '-o', 'name'];
      return (await kubectl([...GET, ...account])) === '' ? undefined : true;
    },
  );
}
