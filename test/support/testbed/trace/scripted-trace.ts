import type { AuditEvent } from './audit-event.ts';
import { auditEventOf } from './audit-event.ts';
import { violationsIn } from './check-trace.ts';
import { Recording } from './replay.ts';
import type { Violation } from './violation.ts';

interface Metadata {
  readonly name: string;
  readonly uid: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly object[];
  readonly finalizers?: readonly string[];
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
}

export interface ScriptedObject {
  readonly kind: string;
  readonly metadata: Metadata;
  readonly spec?: object;
  readonly status?: object;
}

interface Details {
  readonly code?: number;
  readonly subresource?: string;
  /** The answer, in place of the object. */
  readonly answer?: object;
  readonly body?: object;
  readonly query?: string;
  /** The version of an earlier write, for a request that changes nothing. */
  readonly resourceVersion?: number;
}

const RESOURCES: Readonly<Record<string, string>> = {
  Pod: 'pods',
  Service: 'services',
  ConfigMap: 'configmaps',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  StatefulSet: 'statefulsets',
  SeiNode: 'seinodes',
};

const NAMESPACE = 'nodes';
export const WORKER = 'seinode-worker';
export const KUBECTL = 'kubectl/v1.36.3 (linux/amd64)';
export const CONTROLLER =
  'kube-controller-manager/v1.36.3 (linux/amd64) kubernetes/statefulset-controller';
export const KUBELET = 'kubelet';

/** Writes an audit log for a test, request by request. Each takes a second, and one resource version. */
export class ScriptedTrace {
  readonly #events: AuditEvent[] = [];

  /** Returns the version of the newest write. */
  get resourceVersion(): number {
    return this.#events.length;
  }

  create(by: string, object: ScriptedObject, details: Details = {}): this {
    return this.#add(by, 'create', object, { code: 201, ...details });
  }

  patch(by: string, object: ScriptedObject, details: Details = {}): this {
    return this.#add(by, 'patch', object, details);
  }

  /** Deletes, with the object as the answer, after or before. */
  delete(by: string, object: ScriptedObject, details: Details = {}): this {
    return this.#add(by, 'delete', object, details);
  }

  /** Deletes, with no more than the UID as the answer. */
  deleteAtOnce(by: string, object: ScriptedObject): this {
    const answer = { kind: 'Status', details: { uid: object.metadata.uid } };
    return this.#add(by, 'delete', object, { answer });
  }

  deleteAll(by: string, objects: readonly [ScriptedObject, ...ScriptedObject[]]): this {
    const items = objects.map((object) => versioned(object, this.resourceVersion));
    return this.#add(by, 'deletecollection', objects[0], { answer: { kind: 'List', items } });
  }

  /** Logs the newest request before the one that it came after. */
  loggedInDisorder(): this {
    const [last, previous] = [this.#events.pop(), this.#events.pop()];
    if (last !== undefined) this.#events.push(last);
    if (previous !== undefined) this.#events.push(previous);
    return this;
  }

  recording(): Recording {
    const recording = new Recording();
    for (const event of this.#events) recording.add(event);
    return recording;
  }

  violations(): readonly Violation[] {
    return violationsIn(this.recording());
  }

  /** Lists the broken rules. */
  broken(): readonly string[] {
    return this.violations().map(({ rule }) => rule);
  }

  #add(by: string, verb: string, object: ScriptedObject, details: Details): this {
    const { code = 200, subresource, answer, body, query = '' } = details;
    const { resourceVersion = this.#events.length + 1 } = details;
    const { namespace = NAMESPACE, name } = object.metadata;
    const resource = RESOURCES[object.kind] ?? '';
    const line = {
      requestURI: `/apis/${namespace}/${resource}/${name}${query}`,
      verb,
      userAgent: by,
      objectRef: { resource, subresource, namespace, name },
      responseStatus: { code },
      requestObject: body,
      responseObject: answer ?? versioned(object, resourceVersion),
      requestReceivedTimestamp: this.#time(0),
      stageTimestamp: this.#time(0.5),
    };
    this.#events.push(auditEventOf(JSON.stringify(line)));
    return this;
  }

  #time(later: number): string {
    const time = new Date(Date.UTC(2026, 0, 1) + (this.#events.length + later) * 1_000);
    return time.toISOString().replace('Z', '000Z');
  }
}

function versioned(object: ScriptedObject, resourceVersion: number): object {
  const metadata = { namespace: NAMESPACE, ...object.metadata };
  return { ...object, metadata: { ...metadata, resourceVersion: String(resourceVersion) } };
}

export function changed(object: ScriptedObject, metadata: Partial<Metadata>): ScriptedObject {
  return { ...object, metadata: { ...object.metadata, ...metadata } };
}

export function scriptedNode(name: string, spec: object = {}): ScriptedObject {
  const finalizers = ['sei.io/seinode-finalizer'];
  return { kind: 'SeiNode', metadata: { name, uid: `uid-of-node-${name}`, finalizers }, spec };
}

/** Makes an object of a node, which controls it. */
export function objectOf(node: ScriptedObject, kind: string, name: string): ScriptedObject {
  return {
    kind,
    metadata: {
      name,
      uid: `uid-of-${kind}-${name}`,
      labels: { 'sei.io/node': node.metadata.name },
      ownerReferences: [ownedBy(node)],
    },
    spec: {},
  };
}

export function statefulSetOf(
  node: ScriptedObject,
  spec: object = { replicas: 1 },
): ScriptedObject {
  return { ...objectOf(node, 'StatefulSet', node.metadata.name), spec };
}

/** Makes a pod on a machine, which mounts Secrets and a claim. */
export function podOf(
  statefulSet: ScriptedObject,
  { ordinal = 0, secrets = [], claim = `data-${statefulSet.metadata.name}` }: PodParts = {},
): ScriptedObject {
  const node = statefulSet.metadata.name;
  const volumes = secrets.map((secretName) => ({ name: 'signing-key', secret: { secretName } }));
  return {
    kind: 'Pod',
    metadata: {
      name: `${node}-${ordinal}`,
      uid: `uid-of-pod-${node}-${ordinal}`,
      labels: { 'sei.io/node': node },
      ownerReferences: [ownedBy(statefulSet)],
    },
    spec: {
      nodeName: 'machine',
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }, ...volumes],
    },
    status: { phase: 'Running' },
  };
}

interface PodParts {
  readonly ordinal?: number;
  readonly secrets?: readonly string[];
  readonly claim?: string;
}

export function ownedBy({ kind, metadata: { name, uid } }: ScriptedObject) {
  return { kind, name, uid, controller: true };
}

export function beingDeleted(object: ScriptedObject, graceSeconds = 0): ScriptedObject {
  return changed(object, {
    deletionTimestamp: '2026-01-01T01:00:00Z',
    deletionGracePeriodSeconds: graceSeconds,
  });
}
