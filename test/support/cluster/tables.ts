import type { V1ConfigMap, V1Service } from '@kubernetes/client-node';

import type { SeiNode } from '../../../domain/node/sei-node.ts';
import type { ObjectEvent } from '../../../domain/pod/object-event.ts';
import type { NewEvent } from '../../../kubernetes/cluster.ts';
import { ObjectTable } from './object-table.ts';
import type { Versions } from './object-table.ts';
import type { PlainClaim, PlainLease, PlainPod, PlainSecret, PlainStatefulSet } from './plain.ts';

/** A change of an object that the shared watches see. */
export type Change =
  | { readonly kind: 'node'; readonly before?: SeiNode; readonly after?: SeiNode }
  | {
      readonly kind: 'statefulSet';
      readonly before?: PlainStatefulSet;
      readonly after?: PlainStatefulSet;
    }
  | { readonly kind: 'pod'; readonly before?: PlainPod; readonly after?: PlainPod }
  | { readonly kind: 'service'; readonly before?: V1Service; readonly after?: V1Service }
  | { readonly kind: 'configMap'; readonly before?: V1ConfigMap; readonly after?: V1ConfigMap };

/** Everything that the API server stores. */
export interface Tables {
  readonly nodes: ObjectTable<SeiNode>;
  readonly statefulSets: ObjectTable<PlainStatefulSet>;
  readonly pods: ObjectTable<PlainPod>;
  readonly services: ObjectTable<V1Service>;
  readonly configMaps: ObjectTable<V1ConfigMap>;
  readonly claims: ObjectTable<PlainClaim>;
  readonly secrets: ObjectTable<PlainSecret>;
  readonly leases: ObjectTable<PlainLease>;
  readonly events: ObjectTable<EventObject>;
  /** The Events of others about the objects of a node. */
  readonly objectEvents: ObjectTable<ObjectEventObject>;
}

interface ObjectEventObject {
  readonly metadata: { readonly namespace: string; readonly name: string };
  /** The UID of the object that it is about. */
  readonly about: string;
  readonly event: ObjectEvent;
}

interface EventObject {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly event: NewEvent;
}

export function emptyTables(versions: Versions, onChange: (change: Change) => void): Tables {
  return {
    nodes: new ObjectTable<SeiNode>('seinodes.sei.io', versions, (before, after) =>
      onChange({ kind: 'node', ...present(before, after) }),
    ),
    statefulSets: new ObjectTable<PlainStatefulSet>(
      'statefulsets.apps',
      versions,
      (before, after) => onChange({ kind: 'statefulSet', ...present(before, after) }),
    ),
    pods: new ObjectTable<PlainPod>('pods', versions, (before, after) =>
      onChange({ kind: 'pod', ...present(before, after) }),
    ),
    services: new ObjectTable<V1Service>('services', versions, (before, after) =>
      onChange({ kind: 'service', ...present(before, after) }),
    ),
    configMaps: new ObjectTable<V1ConfigMap>('configmaps', versions, (before, after) =>
      onChange({ kind: 'configMap', ...present(before, after) }),
    ),
    claims: new ObjectTable('persistentvolumeclaims', versions),
    secrets: new ObjectTable('secrets', versions),
    leases: new ObjectTable('leases.coordination.k8s.io', versions),
    events: new ObjectTable('events', versions),
    objectEvents: new ObjectTable('events of others', versions),
  };
}

function present<T>(before: T | undefined, after: T | undefined) {
  return { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}
