import type { V1ManagedFieldsEntry, V1OwnerReference } from '@kubernetes/client-node';

import type { ObjectTable, TableObject } from './object-table.ts';
import { keyOfObject } from './object-table.ts';
import type { PlainStatefulSet } from './plain.ts';
import { invalid } from './refusals.ts';

interface Appliable extends TableObject {
  readonly metadata?: TableObject['metadata'] & {
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
    readonly ownerReferences?: readonly V1OwnerReference[];
    readonly managedFields?: readonly V1ManagedFieldsEntry[];
  };
}

/** Fields of a StatefulSet's spec that no update may change. */
const IMMUTABLE = [
  'serviceName',
  'selector',
  'podManagementPolicy',
  'volumeClaimTemplates',
] as const;

/**
 * Performs a forced server-side apply, as far as rendered objects need it: the applied fields win, owner references,
 * labels and annotations are merged, a pod template is taken whole, and all other fields stay as they are.
 *
 * @throws 422 for a second controller, and what `validate` throws
 */
export function applyTo<T extends Appliable>(
  table: ObjectTable<T>,
  desired: T,
  validate: (live: T, merged: T) => void = () => undefined,
): T {
  const json = JSON.parse(JSON.stringify(desired)) as T;
  const key = keyOfObject(json);
  if (table.get(key) === undefined) return table.create(json);
  return table.update(key, (live) => {
    const merged = merge(live, json);
    refuseSecondController(table.kind, merged);
    validate(live, merged);
    return merged;
  });
}

/** @throws 422 for a change of a StatefulSet that the API server refuses */
export function validateStatefulSet(live: PlainStatefulSet, merged: PlainStatefulSet): void {
  const { name } = keyOfObject(live);
  const [before, after] = [live.spec, merged.spec].map((spec) => ({
    podManagementPolicy: 'OrderedReady',
    ...spec,
  }));
  const changed = IMMUTABLE.filter(
    (field) => JSON.stringify(before?.[field]) !== JSON.stringify(after?.[field]),
  );
  if (changed.length > 0) {
    throw invalid('StatefulSet.apps', name, ['spec'], `updates to ${changed.join()} are forbidden`);
  }
  const { type, rollingUpdate } = merged.spec?.updateStrategy ?? {};
  if (type === 'OnDelete' && rollingUpdate !== undefined) {
    const fields = ['spec.updateStrategy.rollingUpdate'];
    throw invalid(
      'StatefulSet.apps',
      name,
      fields,
      "only allowed for updateStrategy 'RollingUpdate'",
    );
  }
}

function merge<T extends Appliable>(live: T, desired: T): T {
  const [liveSpec, spec] = [record(live.spec), record(desired.spec)];
  const managedFields = desired.metadata?.managedFields ?? live.metadata?.managedFields;
  const updateStrategy = {
    ...record(liveSpec['updateStrategy']),
    ...record(spec['updateStrategy']),
  };
  return {
    ...live,
    ...desired,
    metadata: {
      ...live.metadata,
      labels: { ...live.metadata?.labels, ...desired.metadata?.labels },
      annotations: { ...live.metadata?.annotations, ...desired.metadata?.annotations },
      ownerReferences: mergedOwners(live, desired),
      ...(managedFields !== undefined && { managedFields }),
    },
    ...(live.spec !== undefined && {
      spec: { ...liveSpec, ...spec, ...('updateStrategy' in spec && { updateStrategy }) },
    }),
  };
}

function mergedOwners(live: Appliable, desired: Appliable): readonly V1OwnerReference[] {
  const applied = desired.metadata?.ownerReferences ?? [];
  const uids = new Set(applied.map(({ uid }) => uid));
  const others = (live.metadata?.ownerReferences ?? []).filter(({ uid }) => !uids.has(uid));
  return [...others, ...applied];
}

function refuseSecondController(kind: string, object: Appliable): void {
  const controllers = (object.metadata?.ownerReferences ?? []).filter((owner) => owner.controller);
  if (controllers.length < 2) return;
  const fields = ['metadata.ownerReferences'];
  throw invalid(kind, keyOfObject(object).name, fields, 'Only one reference can be controller');
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return (value ?? {}) as Readonly<Record<string, unknown>>;
}
