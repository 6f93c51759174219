import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { FIELD_MANAGER } from '../../domain/node/sei-node.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { isNotFound } from '../../kubernetes/api/errors.ts';
import type { Resource } from '../../kubernetes/api/resource.ts';
import { objectPath } from '../../kubernetes/api/resource.ts';

/** The query of the workers' own apply, with one difference: nothing is stored. */
const QUERY = new URLSearchParams({
  fieldManager: FIELD_MANAGER,
  force: 'true',
  dryRun: 'All',
}).toString();

export interface DryRun {
  /** Undefined for an object that would be created. */
  readonly live: unknown;
  readonly applied: unknown;
}

/** Returns what the API server would make of an apply of this object, beside what it has now. */
export async function dryRunApply(
  kubernetes: KubernetesConnection,
  resource: Resource,
  key: ObjectKey,
  body: object,
  signal: AbortSignal,
): Promise<DryRun> {
  const path = objectPath(resource, key);
  const contentType = 'application/apply-patch+yaml';
  const [live, applied] = await Promise.all([
    kubernetes.getJson(path, signal).catch((err: unknown) => {
      if (isNotFound(err)) return undefined;
      throw err;
    }),
    kubernetes.send({ method: 'PATCH', path: `${path}?${QUERY}`, contentType, body, signal }),
  ]);
  return { live, applied };
}
