import { SEI_NODE_GROUP, SEI_NODE_PLURAL, SEI_NODE_VERSION } from '../../domain/sei-node.ts';
import type { KubernetesConnection } from '../../kubernetes/client.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { isRawObject } from '../../kubernetes/raw-object.ts';
import type { RawObject } from '../../kubernetes/raw-object.ts';
import { explainError } from '../edge/explain-error.ts';
import type { DoctorCheck } from '../node/doctor-check.ts';
import { fail, ok, warn } from '../node/doctor-check.ts';

const KUBERNETES = 'kubernetes';
const CRD = 'custom resource';

export async function checkKubernetes(kubernetes: KubernetesConnection): Promise<DoctorCheck> {
  const { server } = kubernetes;
  try {
    const version = await kubernetes.getJson('/version');
    const { gitVersion } = isRawObject(version) ? version : {};
    return ok(KUBERNETES, `${String(gitVersion)} at ${server}`);
  } catch (err) {
    const { message } = explainError(err, server);
    return fail(KUBERNETES, message, 'name another context with --context, or see to the server');
  }
}

const NAME = `${SEI_NODE_PLURAL}.${SEI_NODE_GROUP}`;
const INSTALL = 'kubectl apply --server-side -f deploy/crd';

/**
 * What this version of the operator keeps in a node that earlier ones did not: a CRD without a field
 * has the API server drop what is written there.
 */
const NEEDED_FIELDS = [
  ['spec', 'updatePolicy'],
  ['status', 'hold'],
  ['status', 'rollback'],
  ['status', 'history'],
  ['status', 'plan'],
  ['status', 'statefulSet'],
  ['status', 'impostor'],
] as const;

/** Whether SeiNodes are known to the cluster, as this version of the operator needs them. */
export async function checkCustomResource(kubernetes: KubernetesConnection): Promise<DoctorCheck> {
  try {
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${NAME}`;
    return verdictOn(await kubernetes.getJson(path));
  } catch (err) {
    if (isNotFound(err)) return fail(CRD, `${NAME} is not installed`, INSTALL);
    const { message } = explainError(err, kubernetes.server);
    return warn(CRD, message, 'with the right to get it, its version can be checked');
  }
}

/** What a CRD lacks for this version. */
export function verdictOn(crd: unknown): DoctorCheck {
  const versions = listAt(fieldAt(crd, ['spec', 'versions']));
  const served = versions.find(
    (version) => version['name'] === SEI_NODE_VERSION && version['served'] === true,
  );
  if (served === undefined) {
    return fail(CRD, `${NAME} is not served as ${SEI_NODE_VERSION}`, INSTALL);
  }
  const schema = ['schema', 'openAPIV3Schema'];
  const missing = NEEDED_FIELDS.filter(
    ([part, field]) =>
      fieldAt(served, [...schema, 'properties', part, 'properties', field]) === undefined,
  ).map((path) => path.join('.'));
  if (fieldAt(served, ['subresources', 'status']) === undefined) missing.push('subresource status');
  if (missing.length === 0) return ok(CRD, `${NAME} ${SEI_NODE_VERSION}`);
  return fail(CRD, `${NAME} is of another version: it lacks ${missing.join(', ')}`, INSTALL);
}

function fieldAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, field) => (isRawObject(at) ? at[field] : undefined), value);
}

function listAt(value: unknown): readonly RawObject[] {
  return Array.isArray(value) ? value.filter(isRawObject) : [];
}
