import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { valueAt } from '../../domain/node/raw-object.ts';
import type { KubernetesConnection } from './client.ts';
import { objectPath, SERVICE_ACCOUNTS } from './resource.ts';

/** The shortest lifetime that Kubernetes grants. */
const LIFETIME_SECONDS = 600;

/**
 * Has the API server make a token of a ServiceAccount.
 *
 * @param audience the recipient of the token; undefined for the API server itself
 */
export async function requestToken(
  { send }: Pick<KubernetesConnection, 'send'>,
  account: ObjectKey,
  audience: string | undefined,
): Promise<{ readonly token: string; readonly lifetimeSeconds: number }> {
  const answer = await send({
    method: 'POST',
    path: `${objectPath(SERVICE_ACCOUNTS, account)}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {
        ...(audience !== undefined && { audiences: [audience] }),
        expirationSeconds: LIFETIME_SECONDS,
      },
    },
  });
  const token = valueAt(answer, 'status', 'token');
  if (typeof token !== 'string') {
    throw new Error(
      `The request for a token of ServiceAccount ${account.name} was not answered with one`,
    );
  }
  // An API server may grant another lifetime than it was asked for.
  const given = valueAt(answer, 'spec', 'expirationSeconds');
  return { token, lifetimeSeconds: typeof given === 'number' ? given : LIFETIME_SECONDS };
}
