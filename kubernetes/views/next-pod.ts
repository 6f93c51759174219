import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';

/**
 * Renders the pod that the StatefulSet controller would make next. Unlike the owner reference of the controller, ours
 * does not block the deletion of the StatefulSet: where the API server guards that, it takes a right that we lack.
 */
export function nextPodOf({ metadata, spec, status }: V1StatefulSet): V1Pod {
  const { namespace = '', name: setName = '', uid = '' } = metadata ?? {};
  const ordinal = String(spec?.ordinals?.start ?? 0);
  const name = `${setName}-${ordinal}`;
  const template = spec?.template;
  const claims = (spec?.volumeClaimTemplates ?? []).map((claim) => claim.metadata?.name ?? '');
  const kept = (template?.spec?.volumes ?? []).filter((volume) => !claims.includes(volume.name));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name,
      labels: {
        ...template?.metadata?.labels,
        'statefulset.kubernetes.io/pod-name': name,
        'apps.kubernetes.io/pod-index': ordinal,
        'controller-revision-hash': status?.updateRevision ?? '',
      },
      ...(template?.metadata?.annotations !== undefined && {
        annotations: template.metadata.annotations,
      }),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'StatefulSet', name: setName, uid, controller: true },
      ],
    },
    spec: Object.assign({ containers: [] }, template?.spec, {
      hostname: name,
      ...(spec?.serviceName !== undefined && { subdomain: spec.serviceName }),
      volumes: [
        ...kept,
        ...claims.map((claim) => ({
          name: claim,
          persistentVolumeClaim: { claimName: `${claim}-${name}` },
        })),
      ],
    }),
  };
}
