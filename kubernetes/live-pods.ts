import type { V1Pod } from '@kubernetes/client-node';

import { NODE_LABEL } from '../domain/node/sei-node.ts';
import { isAlreadyExists } from './api/errors.ts';
import type { ObjectApi } from './api/object-api.ts';
import { EVENTS, PODS } from './api/resource.ts';
import type { PodApi } from './cluster.ts';
import { coreEvent } from './core-event.ts';
import { deleteVersion } from './exact-version.ts';
import { objectEvent } from './views/object-event.ts';
import { podView } from './views/pod-view.ts';

/** Leaves ended pods out: the kubelet has unmounted everything that they used. */
const HAS_NOT_ENDED = 'status.phase!=Succeeded,status.phase!=Failed';

/** The pods of the API server, and Events about objects. */
export function livePods(objects: ObjectApi): PodApi {
  return {
    listPods: ({ namespace, name }) =>
      objects.list(PODS, namespace, { labelSelector: `${NODE_LABEL}=${name}` }, (pod) =>
        podView(pod as V1Pod),
      ),
    getPod: async (key) => {
      const pod = (await objects.get(PODS, key)) as V1Pod | undefined;
      return pod && podView(pod);
    },
    listPodsWithClaim: async ({ namespace, name }) => {
      const running = { fieldSelector: HAS_NOT_ENDED };
      const pods = await objects.list(PODS, namespace, running, (pod) =>
        usesClaim(pod as V1Pod, name) ? podView(pod as V1Pod) : undefined,
      );
      return pods.filter((pod) => pod !== undefined);
    },
    dryRunPod: async (pod) => {
      try {
        await objects.dryRunCreate(PODS, pod);
      } catch (err) {
        if (!isAlreadyExists(err)) throw err;
      }
    },
    deletePod: (pod, graceSeconds) =>
      deleteVersion(objects, PODS, pod, { gracePeriodSeconds: graceSeconds }),

    listEvents: ({ namespace, uid }) =>
      objects.list(EVENTS, namespace, { fieldSelector: `involvedObject.uid=${uid}` }, objectEvent),
    createEvent: async (event) => {
      try {
        await objects.create(EVENTS, coreEvent(event));
      } catch (err) {
        if (!isAlreadyExists(err)) throw err;
      }
    },
  };
}

function usesClaim({ spec }: V1Pod, name: string): boolean {
  return spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name) ?? false;
}
