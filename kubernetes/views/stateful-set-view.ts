import type {
  V1LabelSelector,
  V1PersistentVolumeClaim,
  V1StatefulSet,
} from '@kubernetes/client-node';

import type { OwnerView } from '../../domain/node/owner-view.ts';
import { controllerAmong, fewOwners, ownerView } from '../../domain/node/owner-view.ts';
import { fewLabels } from '../../domain/owned/few-labels.ts';
import { SEID_CONTAINER, SIDECAR_CONTAINER } from '../../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../../domain/pod/stateful-set-view.ts';
import { boundedWord } from '../../domain/text/bounded-text.ts';

/** Shared, because nearly every StatefulSet has none. */
const NONE: readonly string[] = [];

/** More templates than anybody makes claims from. */
const MOST_TEMPLATES = 8;

/**
 * Reduces a StatefulSet to what decisions are made from: about one of its nine kilobytes. Each field is bounded,
 * because messages quote it.
 */
export function statefulSetView(statefulSet: V1StatefulSet): StatefulSetView {
  const { metadata, spec, status } = statefulSet;
  const pod = spec?.template.spec;
  const imageOf = (name: string): string | undefined =>
    [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])].find(
      (container) => container.name === name,
    )?.image;
  const images = { seid: imageOf(SEID_CONTAINER), sidecar: imageOf(SIDECAR_CONTAINER) };
  const owners = metadata?.ownerReferences?.map(ownerView) ?? [];
  return {
    namespace: metadata?.namespace ?? '',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    resourceVersion: metadata?.resourceVersion ?? '',
    generation: metadata?.generation ?? 0,
    terminating: metadata?.deletionTimestamp !== undefined,
    ...ownership(owners),
    labels: fewLabels(metadata?.labels ?? {}),
    // The defaults of the API server for absent fields.
    replicas: spec?.replicas ?? 1,
    updateStrategy: spec?.updateStrategy?.type ?? 'RollingUpdate',
    serviceName: boundedWord(spec?.serviceName ?? ''),
    selector: fewLabels({ ...spec?.selector.matchLabels, ...expressionsOf(spec?.selector) }),
    podManagementPolicy: spec?.podManagementPolicy ?? 'OrderedReady',
    claimTemplates: spec?.volumeClaimTemplates?.slice(0, MOST_TEMPLATES).map(claimName) ?? NONE,
    templateImage: images.seid && boundedWord(images.seid),
    templateSidecarImage: images.sidecar && boundedWord(images.sidecar),
    observedGeneration: status?.observedGeneration ?? 0,
    updateRevision: status?.updateRevision === '' ? undefined : status?.updateRevision,
    updatedReplicas: status?.updatedReplicas ?? 0,
  };
}

/**
 * Reduces the view of a StatefulSet that no known SeiNode controls by what may be of any number: it only matters
 * whether it blocks a node.
 */
export function foreignStatefulSet(view: StatefulSetView): StatefulSetView {
  return { ...view, ...ownership(fewOwners(view.owners)) };
}

function ownership(owners: readonly OwnerView[]): Pick<StatefulSetView, 'owner' | 'owners'> {
  const controller = controllerAmong(owners);
  return {
    owner: controller && { kind: controller.kind, name: controller.name, uid: controller.uid },
    owners,
  };
}

function claimName({ metadata }: V1PersistentVolumeClaim): string {
  return boundedWord(metadata?.name ?? '');
}

function expressionsOf(selector: V1LabelSelector | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => [
      `${key} ${operator}`,
      values.join(' '),
    ]),
  );
}
