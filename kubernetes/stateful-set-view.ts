import type { V1LabelSelector, V1StatefulSet } from '@kubernetes/client-node';

import { SEID_CONTAINER, SIDECAR_CONTAINER } from '../domain/pod-view.ts';
import { ownerView } from '../domain/owner-view.ts';
import type { StatefulSetView } from '../domain/stateful-set-view.ts';
import { controllerOf } from './controller-of.ts';

/** Shared, because nearly every StatefulSet has none. */
const NONE: readonly string[] = [];

/** Keeps what decisions are made from: about one of the nine kilobytes of a StatefulSet. */
export function statefulSetView(statefulSet: V1StatefulSet): StatefulSetView {
  const { metadata, spec, status } = statefulSet;
  const pod = spec?.template.spec;
  const imageOf = (name: string): string | undefined =>
    [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].find(
      (container) => container.name === name,
    )?.image;
  const owner = controllerOf(metadata);
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    generation: metadata?.generation ?? 0,
    terminating: metadata?.deletionTimestamp !== undefined,
    owner: owner && { kind: owner.kind, name: owner.name, uid: owner.uid },
    owners: metadata?.ownerReferences?.map(ownerView) ?? [],
    labels: metadata?.labels ?? {},
    // What the API server takes an absent field for.
    replicas: spec?.replicas ?? 1,
    updateStrategy: spec?.updateStrategy?.type ?? 'RollingUpdate',
    serviceName: spec?.serviceName ?? '',
    selector: { ...spec?.selector.matchLabels, ...expressionsOf(spec?.selector) },
    podManagementPolicy: spec?.podManagementPolicy ?? 'OrderedReady',
    claimTemplates: spec?.volumeClaimTemplates?.map((claim) => claim.metadata?.name ?? '') ?? NONE,
    templateImage: imageOf(SEID_CONTAINER),
    templateSidecarImage: imageOf(SIDECAR_CONTAINER),
    observedGeneration: status?.observedGeneration ?? 0,
    updateRevision: status?.updateRevision === '' ? undefined : status?.updateRevision,
    updatedReplicas: status?.updatedReplicas ?? 0,
  };
}

function expressionsOf(selector: V1LabelSelector | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => [
      `${key} ${operator}`,
      values.join(' '),
    ]),
  );
}
