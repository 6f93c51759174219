import { createHash } from 'node:crypto';

import type { ObjectKey } from '../../../domain/node/node-ref.ts';
import { classifyApiError } from '../../../kubernetes/api/errors.ts';
import type { Admission } from './admission.ts';
import { deletePod } from './fake-api.ts';
import { keyOfObject } from './object-table.ts';
import type { PlainPod, PlainStatefulSet } from './plain.ts';
import type { Tables } from './tables.ts';

const REVISION_LABEL = 'controller-revision-hash';

/** Plays the controller of OnDelete StatefulSets, one step at a time, so that tests can look in between. */
export class StatefulSetController {
  readonly #tables: Tables;
  readonly #now: () => Date;
  readonly #admission: Admission;

  constructor(tables: Tables, now: () => Date, admission: Admission) {
    this.#admission = admission;
    this.#tables = tables;
    this.#now = now;
  }

  /** Sees the templates, and counts the pods, of all StatefulSets. */
  observe(): void {
    for (const set of this.#tables.statefulSets.all()) {
      const updateRevision = revisionOf(set);
      const pods = this.#podsOf(set);
      const counted = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
      const updated = counted.filter(
        (pod) => pod.metadata?.labels?.[REVISION_LABEL] === updateRevision,
      );
      this.#tables.statefulSets.update(keyOfObject(set), (live) => ({
        ...live,
        status: {
          observedGeneration: live.metadata?.generation ?? 0,
          replicas: pods.length,
          // The field never advances under OnDelete (seen up to 1.36), so it must not decide A, B, A.
          currentRevision: live.status?.currentRevision ?? updateRevision,
          updateRevision,
          ...(updated.length > 0 && { updatedReplicas: updated.length }),
        },
      }));
    }
  }

  /** Makes the pods that are missing, of the newest template, and deletes those beyond `replicas`. */
  createPods(): void {
    for (const set of this.#tables.statefulSets.all()) {
      if (set.metadata?.deletionTimestamp !== undefined) continue;
      const { namespace, name } = keyOfObject(set);
      const replicas = set.spec?.replicas ?? 1;
      for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
        const key = { namespace, name: `${name}-${ordinal}` };
        if (this.#tables.pods.get(key) === undefined && this.#admits(set, key))
          this.#tables.pods.create(podOf(set, key.name));
      }
      for (const pod of this.#podsOf(set)) {
        const ordinal = Number(pod.metadata?.name?.split('-').at(-1));
        if (ordinal >= replicas) this.#delete(pod);
      }
    }
  }

  /** Shows a refusal as an Event of the StatefulSet, and nowhere else. */
  #admits({ metadata }: PlainStatefulSet, pod: ObjectKey): boolean {
    try {
      this.#admission.of({ metadata: pod });
      return true;
    } catch (err) {
      const { namespace = '', name = '', uid = '' } = metadata ?? {};
      const { message } = classifyApiError(err);
      const at = this.#now().toISOString();
      const key = { namespace, name: `${name}.refused` };
      const firstSeen = this.#tables.objectEvents.get(key)?.event.firstSeen ?? at;
      const event = { isWarning: true, reason: 'FailedCreate', message, firstSeen, lastSeen: at };
      this.#tables.objectEvents.remove(key);
      this.#tables.objectEvents.create({ metadata: key, about: uid, event });
      return false;
    }
  }

  #podsOf(set: PlainStatefulSet): readonly PlainPod[] {
    return this.#tables.pods
      .all()
      .filter(({ metadata }) =>
        metadata?.ownerReferences?.some(({ uid }) => uid === set.metadata?.uid),
      );
  }

  #delete(pod: PlainPod): void {
    const { uid = '', resourceVersion = '' } = pod.metadata ?? {};
    deletePod(this.#tables, { ...keyOfObject(pod), uid, resourceVersion }, this.#now());
  }
}

/** Returns equal revisions for equal templates: a template that comes back brings its old revision back. */
function revisionOf(set: PlainStatefulSet): string {
  const template = JSON.stringify(set.spec?.template);
  const hash = createHash('sha256').update(template).digest('hex').slice(0, 10);
  return `${set.metadata?.name}-${hash}`;
}

function podOf(set: PlainStatefulSet, name: string): PlainPod {
  const { metadata, spec } = set.spec?.template ?? {};
  const { namespace = '', name: setName = '', uid = '' } = set.metadata ?? {};
  return {
    metadata: {
      namespace,
      name,
      labels: { ...metadata?.labels, [REVISION_LABEL]: revisionOf(set) },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'StatefulSet', name: setName, uid, controller: true },
      ],
    },
    ...(spec !== undefined && { spec }),
    status: { phase: 'Pending' },
  };
}
