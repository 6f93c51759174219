import type { ObjectKey } from './node-ref.ts';
import type { PodView } from './pod-view.ts';
import { SEI_NODE_GROUP } from './sei-node.ts';

/** Of kube-rbac-proxy: the audiences of which a token has to be for one. */
export const AUDIENCES_FLAG = '--auth-token-audiences=';

/** For whom the tokens are that a node's pod admits: one that is stolen there opens no other node. */
export function sidecarAudience({ namespace, name }: ObjectKey): string {
  return `seinodetasks.${SEI_NODE_GROUP}/${namespace}/${name}`;
}

/**
 * The audience of the token that is sent to a pod of the node; undefined for a pod of an older template,
 * whose proxy takes only what the API server takes. It is that of the node whatever the pod asks for.
 */
export function audienceFor(node: ObjectKey, pod: Pick<PodView, 'asksForAudience'>) {
  return pod.asksForAudience === true ? sidecarAudience(node) : undefined;
}
