import type { Devcluster } from '../../devcluster/instance/devcluster.ts';

export interface Right {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** With its subresource: `pods/exec`. */
  readonly resource: string;
  /** Empty for all namespaces. */
  readonly namespace: string;
}

/** Whether a service account, as `namespace:name`, has the right: asked of the API server itself. */
export async function mayI(
  { kubectl }: Pick<Devcluster, 'kubectl'>,
  account: string,
  { verb, group, resource: path, namespace }: Right,
): Promise<boolean> {
  const [resource, subresource] = path.split('/');
  const [of] = account.split(':');
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: `system:serviceaccount:${account}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${of}`, 'system:authenticated'],
      resourceAttributes: { verb, group, resource, subresource, namespace, name: 'n0' },
    },
  };
  const input = JSON.stringify(review);
  const answer = await kubectl(['create', '-f', '-', '-o', 'json'], { input });
  const { status } = JSON.parse(answer) as { status: { allowed: boolean } };
  return status.allowed;
}
