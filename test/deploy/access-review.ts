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
  cluster: Pick<Devcluster, 'kubectl'>,
  account: string,
  right: Right,
): Promise<boolean> {
  return (await allowedOf(cluster, account, [right])).length === 1;
}

/** Those of the rights that a service account has. */
export async function allowedOf(
  { kubectl }: Pick<Devcluster, 'kubectl'>,
  account: string,
  rights: readonly Right[],
): Promise<readonly Right[]> {
  const items = rights.map((right) => reviewOf(account, right));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const allowed = 'jsonpath={.status.allowed}{"\\n"}';
  const answers = (await kubectl(['create', '-f', '-', '-o', allowed], { input })).split('\n');
  if (answers.length !== rights.length + 1)
    throw new Error(`not all was answered: ${answers.join()}`);
  return rights.filter((_, index) => answers[index] === 'true');
}

function reviewOf(account: string, { verb, group, resource: path, namespace }: Right): object {
  const [resource, subresource] = path.split('/');
  const [of] = account.split(':');
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: `system:serviceaccount:${account}`,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${of}`, 'system:authenticated'],
      resourceAttributes: { verb, group, resource, subresource, namespace, name: 'n0' },
    },
  };
}
