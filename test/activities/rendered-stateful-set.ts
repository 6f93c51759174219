import { targetFor } from '../../domain/node/target.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { platform } from '../manifests/fixtures.ts';
import type { PlainStatefulSet } from '../support/cluster/plain.ts';
import { DEFAULT_SIDECAR, NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';

interface Parts {
  readonly metadata?: Partial<PlainStatefulSet['metadata']>;
  readonly spec?: Partial<NonNullable<PlainStatefulSet['spec']>>;
}

/** Renders the StatefulSet of the node, with some parts replaced. */
export function renderedStatefulSet(bed: ActivityBed, parts: Parts = {}): PlainStatefulSet {
  const target = targetFor(bed.node, DEFAULT_SIDECAR);
  const rendered: PlainStatefulSet = statefulSetFor(bed.node, target, platform);
  return {
    ...rendered,
    metadata: { ...rendered.metadata, ...parts.metadata },
    ...(rendered.spec !== undefined && { spec: { ...rendered.spec, ...parts.spec } }),
  };
}

/** The StatefulSet that the original operator left behind: unowned, and rolling on its own. */
export function leftoverStatefulSet(bed: ActivityBed): PlainStatefulSet {
  return renderedStatefulSet(bed, {
    metadata: { ownerReferences: [] },
    spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } },
  });
}

/** Somebody puts another StatefulSet in the place of the node's. */
export function replaceByImpostor(bed: ActivityBed, parts: Parts = {}): string {
  bed.cluster.deleteStatefulSet(NODE);
  return bed.cluster.createStatefulSet(renderedStatefulSet(bed, parts)).uid;
}
