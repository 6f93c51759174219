import { isRawObject } from '../../domain/node/raw-object.ts';
import { SEI_NODE_GROUP, SEI_NODE_PLURAL } from '../../domain/node/sei-node.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import type { DoctorCheck } from '../node/doctor-check.ts';
import { fail, ok, warn } from '../node/doctor-check.ts';
import { explainError } from '../shell/explain-error.ts';

interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
}

const READ: readonly Right[] = [
  ...['get', 'list', 'watch'].map((verb) => ({
    verb,
    group: SEI_NODE_GROUP,
    resource: SEI_NODE_PLURAL,
  })),
  { verb: 'list', group: '', resource: 'pods' },
  { verb: 'get', group: 'apps', resource: 'statefulsets' },
  { verb: 'list', group: '', resource: 'events' },
  { verb: 'watch', group: '', resource: 'events' },
];

/** The rights that `set-image` needs, and `diff`, whose dry runs need those of a real apply. */
const WRITE: readonly Right[] = [
  { verb: 'patch', group: SEI_NODE_GROUP, resource: SEI_NODE_PLURAL },
  { verb: 'patch', group: 'apps', resource: 'statefulsets' },
  { verb: 'patch', group: '', resource: 'services' },
  { verb: 'patch', group: '', resource: 'configmaps' },
];

/** @param namespace undefined for all of them */
export async function checkRights(
  kubernetes: KubernetesConnection,
  namespace: string | undefined,
): Promise<readonly DoctorCheck[]> {
  const scope = namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`;
  const grant = 'ask for a Role that grants it, or use another --namespace or --context';
  try {
    const [reads, writes] = await Promise.all([
      missing(kubernetes, namespace, READ),
      missing(kubernetes, namespace, WRITE),
    ]);
    return [
      reads.length === 0
        ? ok('rights to see', `all of them ${scope}`)
        : fail('rights to see', `you may not ${reads.join(', ')} ${scope}`, grant),
      writes.length === 0
        ? ok('rights to change', `all of them ${scope}`)
        : warn('rights to change', `you may not ${writes.join(', ')} ${scope}`, grant),
    ];
  } catch (err) {
    const { message } = explainError(err, kubernetes.server);
    return [warn('rights', `unknown: ${message}`, 'log in to the cluster')];
  }
}

async function missing(
  kubernetes: KubernetesConnection,
  namespace: string | undefined,
  rights: readonly Right[],
): Promise<readonly string[]> {
  const answers = await Promise.all(rights.map((right) => isAllowed(kubernetes, namespace, right)));
  return rights
    .filter((_, index) => answers[index] !== true)
    .map(({ verb, resource }) => `${verb} ${resource}`);
}

async function isAllowed(
  kubernetes: KubernetesConnection,
  namespace: string | undefined,
  right: Right,
): Promise<boolean> {
  const review = await kubernetes.send({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { ...right, ...(namespace !== undefined && { namespace }) } },
    },
  });
  const status = isRawObject(review) ? review['status'] : undefined;
  return isRawObject(status) && status['allowed'] === true;
}
