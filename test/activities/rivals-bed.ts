import { takeMountLeases } from '../../activities/shared/mount-leases.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import { ActivityBed } from './activity-bed.ts';

export const OTHER = { namespace: NODE.namespace, name: 'n1' };

/** A validator as it is right after `kubectl apply`. */
export function validator(name = NODE.name, uid = NODE.uid): SeiNode {
  const { fullNode: _, ...spec } = seiNode().spec;
  const { metadata } = seiNode({ metadata: { name, uid } });
  const signingKey = { secret: { secretName: 'signing' } };
  return { ...seiNode(), metadata, spec: { ...spec, validator: { signingKey } } };
}

/** A validator whose key another node has. */
export async function rivalsBed(): Promise<ActivityBed> {
  const bed = new ActivityBed();
  const other = bed.cluster.createNode(validator(OTHER.name, 'uid-of-other'));
  bed.cluster.createNode(validator());
  await takeMountLeases(bed.cluster, other);
  bed.cluster.requests.clear();
  return bed;
}
