import { isRawObject, valueAt } from '../../domain/node/raw-object.ts';
import {
  SEI_NODE_GROUP,
  SEI_NODE_KIND,
  SEI_NODE_PLURAL,
  SEI_NODE_VERSION,
} from '../../domain/node/sei-node.ts';
import { ApiError } from '../../kubernetes/api/api-error.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { objectPath, SEI_NODES } from '../../kubernetes/api/resource.ts';
import type { DoctorCheck } from '../node/doctor-check.ts';
import { fail, ok, warn } from '../node/doctor-check.ts';
import { explainError } from '../shell/explain-error.ts';
import { readVersion } from '../version.ts';

const CHECK = 'custom resource';
const NAME = `${SEI_NODE_PLURAL}.${SEI_NODE_GROUP}`;

/**
 * The fields of a node that this version of the operator needs, and that earlier ones and the original operator did not
 * have: the API server drops what is written to a field that its CRD lacks.
 */
const NEEDED_FIELDS = [
  'spec.updatePolicy.progressDeadlineSeconds',
  'spec.updatePolicy.autoRollback',
  'spec.terminationGracePeriodSeconds',
  'status.hold',
  'status.rollback',
  'status.history',
  'status.plan.workflowId',
  'status.plan.lastFailure',
  'status.statefulSet',
  'status.impostor',
] as const;

/**
 * Checks that the cluster knows SeiNodes as this version of the operator needs them. Reads the API server's own
 * description, which is open to everybody who is logged in, while few may read a CustomResourceDefinition.
 */
export async function checkCustomResource(
  kubernetes: Pick<KubernetesConnection, 'getJson' | 'server'>,
): Promise<DoctorCheck> {
  try {
    return verdictOn(await kubernetes.getJson(`/openapi/v3${SEI_NODES.api}`), readVersion());
  } catch (err) {
    if (err instanceof ApiError && err.code === 404) return notServed(readVersion());
    const { message } = explainError(err, kubernetes.server);
    return warn(CHECK, message, 'to check its version, ask for the right to get /openapi/*');
  }
}

/**
 * Decides what SeiNodes lack for this version.
 *
 * @param description the OpenAPI document of their API group and version
 */
export function verdictOn(description: unknown, version: string): DoctorCheck {
  const schema = schemaOf(description);
  if (schema === undefined) return notServed(version);
  const missing: string[] = NEEDED_FIELDS.filter((path) => !hasField(schema, path.split('.')));
  if (!hasStatusSubresource(description)) missing.push('subresource status');
  if (missing.length === 0) return ok(CHECK, `${NAME} ${SEI_NODE_VERSION}`);
  return fail(
    CHECK,
    `the CRD ${NAME} is older than this program, version ${version}: it lacks ${missing.join(', ')}`,
    install(version),
  );
}

function notServed(version: string): DoctorCheck {
  return fail(CHECK, `${NAME} is not served as ${SEI_NODE_VERSION}`, install(version));
}

function install(version: string): string {
  return `kubectl apply --server-side -f deploy/crd (of version ${version})`;
}

function schemaOf(description: unknown): unknown {
  const schemas = valueAt(description, 'components', 'schemas');
  if (!isRawObject(schemas)) return undefined;
  const suffix = `.${SEI_NODE_VERSION}.${SEI_NODE_KIND}`;
  return Object.entries(schemas).find(([name]) => name.endsWith(suffix))?.[1];
}

function hasField(schema: unknown, path: readonly string[]): boolean {
  return valueAt(schema, ...path.flatMap((field) => ['properties', field])) !== undefined;
}

function hasStatusSubresource(description: unknown): boolean {
  const path = decodeURIComponent(
    objectPath(SEI_NODES, { namespace: '{namespace}', name: '{name}' }),
  );
  return valueAt(description, 'paths', `${path}/status`) !== undefined;
}
