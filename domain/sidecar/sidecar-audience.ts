import type { ObjectKey } from '../node/node-ref.ts';
import { SEI_NODE_GROUP } from '../node/sei-node.ts';
import type { PodView } from '../pod/pod-view.ts';

/** The flag of kube-rbac-proxy that lists the audiences of admitted tokens. */
export const AUDIENCES_FLAG = '--auth-token-audiences=';

/** Returns the audience of the tokens that a node's pod admits: a token stolen there opens no other node. */
export function sidecarAudience({ namespace, name }: ObjectKey): string {
  return `seinodetasks.${SEI_NODE_GROUP}/${namespace}/${name}`;
}

/**
 * Returns the audience of the token for a pod of the node; undefined for a pod of an older template, whose
 * proxy takes only tokens for the API server. It is the node's audience whatever the pod asks for.
 */
export function audienceFor(node: ObjectKey, pod: Pick<PodView, 'asksForAudience'>) {
  return pod.asksForAudience === true ? sidecarAudience(node) : undefined;
}
