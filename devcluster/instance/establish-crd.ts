import { z } from 'zod';

import type { Devcluster } from './devcluster.ts';
import { waitUntil } from './wait-until.ts';

const definition = z.object({
  status: z
    .object({
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).nullish(),
    })
    .optional(),
});

/**
 * Applies a manifest with a CustomResourceDefinition, and resolves once its objects can be created.
 *
 * `kubectl wait` and JSONPath do not help: they take a definition that has no conditions yet for an error.
 *
 * @param manifest a path, or `-` with `input`
 * @param crd its name, such as `seinodes.sei.io`
 */
export async function establishCrd(
  { kubectl }: Pick<Devcluster, 'kubectl'>,
  manifest: string,
  crd: string,
  input?: string,
): Promise<void> {
  // Server-side and forced, since several processes may do it at once.
  const apply = ['apply', '--server-side', '--force-conflicts', '-f', manifest];
  await kubectl(apply, input === undefined ? {} : { input });
  await waitUntil(
    `Establishment of ${crd}`,
    // The API server takes a moment, and longer on a loaded machine.
    { seconds: 60, everyMs: 50 },
    async () => {
      const { status } = definition.parse(
        JSON.parse(await kubectl(['get', 'crd', crd, '-o', 'json'])),
      );
      const isEstablished = status?.conditions?.some(
        ({ type, status: is }) => type === 'Established' && is === 'True',
      );
      return isEstablished === true ? true : undefined;
    },
  );
}
