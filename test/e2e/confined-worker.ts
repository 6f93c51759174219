/** One write that the policy on the worker refuses: of an object that it makes, with one field changed. */
interface RefusedWrite {
  /** Completes "an object with ...". */
  readonly title: string;
  readonly kind: 'StatefulSet' | 'Service' | 'ConfigMap' | 'PersistentVolumeClaim';
  /** By their paths, such as `spec.template.spec.hostNetwork`; undefined for none. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

const OWNED = 'of a SeiNode alone';
const ACCOUNT = 'pods of SeiNodes run as ServiceAccount seid-node';
const MACHINE = 'share nothing with their machine';
const PRIVILEGES = 'have no privileges';

/** In the pod of a StatefulSet. */
function inPod(title: string, field: string, value: unknown, message: string): RefusedWrite {
  const fields = { [`spec.template.spec.${field}`]: value };
  return { title, kind: 'StatefulSet', fields, message };
}

const nobodys = (kind: RefusedWrite['kind']): RefusedWrite => ({
  title: `no owner: ${kind}`,
  kind,
  fields: { 'metadata.ownerReferences': undefined },
  message: OWNED,
});
const misnamed = (kind: RefusedWrite['kind']): RefusedWrite => ({
  title: `another name than that of its node: ${kind}`,
  kind,
  fields: { 'metadata.name': 'other' },
  message: OWNED,
});

export const refusedWrites: readonly RefusedWrite[] = [
  ...(['StatefulSet', 'Service', 'ConfigMap', 'PersistentVolumeClaim'] as const).flatMap((kind) => [
    nobodys(kind),
    misnamed(kind),
  ]),
  {
    title: 'an owner of another kind',
    kind: 'StatefulSet',
    fields: { 'metadata.ownerReferences.0.kind': 'Node' },
    message: OWNED,
  },
  inPod('the account of somebody else', 'serviceAccountName', 'admin', ACCOUNT),
  inPod('no account', 'serviceAccountName', undefined, ACCOUNT),
  inPod(
    'a directory of the machine',
    'volumes.0',
    { name: 'data', hostPath: { path: '/' } },
    MACHINE,
  ),
  inPod('the network of the machine', 'hostNetwork', true, MACHINE),
  inPod('the IPC of the machine', 'hostIPC', true, MACHINE),
  {
    title: 'the processes of the machine',
    kind: 'StatefulSet',
    fields: {
      'spec.template.spec.hostPID': true,
      'spec.template.spec.shareProcessNamespace': false,
    },
    message: MACHINE,
  },
  inPod('privileges', 'containers.0.securityContext', { privileged: true }, PRIVILEGES),
  inPod(
    'a capability of an init container',
    'initContainers.0.securityContext.capabilities',
    { add: ['SYS_PTRACE'] },
    PRIVILEGES,
  ),
  inPod('no security context', 'containers.1.securityContext', undefined, PRIVILEGES),
];

/** A copy of the object in which the field has another value, or none. */
export function withField(object: object, path: string, value: unknown): object {
  const copy = structuredClone(object);
  const names = path.split('.');
  const last = names.pop() ?? '';
  let parent: object = copy;
  for (const name of names) parent = Reflect.get(parent, name) as object;
  if (value === undefined) Reflect.deleteProperty(parent, last);
  else Reflect.set(parent, last, value);
  return copy;
}
