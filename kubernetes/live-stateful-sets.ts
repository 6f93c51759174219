import type { V1StatefulSet } from '@kubernetes/client-node';

import type { ObjectApi } from './api/object-api.ts';
import { STATEFUL_SETS } from './api/resource.ts';
import type { StatefulSetApi } from './cluster.ts';
import { applyVersion, deleteVersion } from './exact-version.ts';
import { nextPodOf } from './views/next-pod.ts';
import { statefulSetView } from './views/stateful-set-view.ts';

/** The StatefulSets of the API server. */
export function liveStatefulSets(objects: ObjectApi): StatefulSetApi {
  return {
    getStatefulSet: async (key) => {
      const statefulSet = (await objects.get(STATEFUL_SETS, key)) as V1StatefulSet | undefined;
      return statefulSet && { ...statefulSetView(statefulSet), nextPod: nextPodOf(statefulSet) };
    },
    applyStatefulSet: async (desired, uid) => {
      const applied = await applyVersion(objects, STATEFUL_SETS, desired, uid);
      return statefulSetView(applied as V1StatefulSet);
    },

    turnToOnDelete: async (statefulSet) => {
      const { uid, resourceVersion } = statefulSet;
      const spec = { updateStrategy: { type: 'OnDelete', rollingUpdate: null } };
      await objects.patch(STATEFUL_SETS, statefulSet, { metadata: { uid, resourceVersion }, spec });
    },
    deleteStatefulSet: (statefulSet) => deleteVersion(objects, STATEFUL_SETS, statefulSet),
  };
}
