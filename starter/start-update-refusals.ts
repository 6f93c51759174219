import { NamespaceNotFoundError } from '@temporalio/common';

import { classifyApiError, isNotServed } from '../kubernetes/api/errors.ts';
import { UserError } from '../settings/user-error.ts';
import { grpcMessageOf, grpcStatusOf } from '../temporal/grpc-status.ts';

/**
 * Asks Kubernetes for what it may refuse to give.
 *
 * @param server where it is, for people
 * @throws {UserError} one sentence with a remedy, when it would be refused again and again; other errors as they are
 */
export async function unlessRefused<T>(server: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (err) {
    const remedy = remedyFor(err, server);
    throw remedy === undefined ? err : new UserError(remedy, { cause: err });
  }
}

function remedyFor(err: unknown, server: string): string | undefined {
  // Of the resources that this reads, only that of SeiNodes may be missing from a cluster.
  if (isNotServed(err)) {
    return `Kubernetes at ${server} does not serve SeiNodes; install the CRD: kubectl apply -f deploy/crd`;
  }
  const { kind, message } = classifyApiError(err);
  if (kind === 'forbidden') return `${message}; have that right granted to you`;
  if (kind === 'unauthorized') {
    return `Kubernetes at ${server} does not accept these credentials; log in anew, or use another KUBECONFIG`;
  }
  return undefined;
}

/**
 * Starts a run, which Temporal may refuse.
 *
 * @throws {UserError} one sentence with a remedy
 */
export async function startedByTemporal(
  { address, namespace }: { readonly address: string; readonly namespace: string },
  start: () => Promise<unknown>,
): Promise<void> {
  try {
    await start();
  } catch (err) {
    const namespaceOf = `namespace ${namespace} of Temporal at ${address}`;
    if (err instanceof NamespaceNotFoundError) {
      const remedy = 'create it with npm run set-up, or check TEMPORAL_NAMESPACE';
      throw new UserError(`${namespaceOf} does not exist; ${remedy}`, { cause: err });
    }
    if (grpcStatusOf(err) === undefined) throw err;
    const remedy = 'check the server, and the rights of the API key or client certificate';
    throw new UserError(`${namespaceOf} did not take the run: ${grpcMessageOf(err)}; ${remedy}`, {
      cause: err,
    });
  }
}
