/** A write that the policy on the worker refuses: of an object that it makes, with one field changed. */
interface RefusedWrite {
  /** Completes "an object with ...". */
  readonly title: string;
  readonly kind: 'StatefulSet' | 'Service' | 'ConfigMap' | 'PersistentVolumeClaim';
  /** The fields by their paths, such as `spec.template.spec.hostNetwork`; undefined removes one. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

const OWNED = 'of a SeiNode alone';
const ACCOUNT = 'pods of SeiNodes run as ServiceAccount seid-node';
const MACHINE = 'share nothing with their machine';
const PRIVILEGES = 'have no privileges';
const PLACE = 'choose no machine';

/** Makes a refused write of a field in the pod of a StatefulSet. */
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
  inPod('root', 'containers.0.securityContext.runAsUser', 0, PRIVILEGES),
  inPod(
    'a root that is not refused',
    'containers.0.securityContext.runAsNonRoot',
    false,
    PRIVILEGES,
  ),
  inPod(
    'system calls',
    'containers.0.securityContext.seccompProfile.type',
    'Unconfined',
    PRIVILEGES,
  ),
  {
    title: 'all of /proc',
    kind: 'StatefulSet',
    fields: {
      // Without it, the API server refuses the pod on its own.
      'spec.template.spec.hostUsers': false,
      'spec.template.spec.shareProcessNamespace': false,
      'spec.template.spec.containers.0.securityContext.procMount': 'Unmasked',
    },
    message: PRIVILEGES,
  },
  inPod('SELinux', 'containers.0.securityContext.seLinuxOptions', { type: 'spc_t' }, PRIVILEGES),
  inPod('capabilities that it keeps', 'containers.0.securityContext.capabilities', {}, PRIVILEGES),
  inPod('root for the pod', 'securityContext.runAsUser', 0, PRIVILEGES),
  inPod('a sysctl', 'securityContext.sysctls', [{ name: 'kernel.msgmax', value: '1' }], PRIVILEGES),
  inPod(
    'a port of the machine',
    'containers.0.ports.0',
    { containerPort: 80, hostPort: 10250 },
    MACHINE,
  ),
  inPod('devices', 'resourceClaims', [{ name: 'gpu', resourceClaimName: 'gpu' }], MACHINE),
  inPod('a machine of its choice', 'nodeName', 'control-plane-1', PLACE),
  inPod('priority over all', 'priorityClassName', 'system-node-critical', PLACE),
  inPod('tolerance for everything', 'tolerations', [{ operator: 'Exists' }], PLACE),
  {
    title: 'claims of its own',
    kind: 'StatefulSet',
    fields: {
      'spec.volumeClaimTemplates': [
        {
          metadata: { name: 'other' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            volumeName: 'anybodys',
            resources: { requests: { storage: '1Gi' } },
          },
        },
      ],
    },
    message: 'make no claims',
  },
];

/** Copies the object with another value of the field, or none. */
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
