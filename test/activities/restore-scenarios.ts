import type { V1ConfigMap, V1ObjectMeta, V1Service } from '@kubernetes/client-node';

import { rbacProxyConfigFor } from '../../manifests/rbac-proxy-config.ts';
import { serviceFor } from '../../manifests/service.ts';
import { foreignNode, NODE } from '../support/sei-node.ts';
import {
  ActivityBed,
  appliedInPasses,
  BEGIN,
  initBed,
  newBed,
  PLAN,
  TO_V1,
} from './activity-bed.ts';
import { renderedStatefulSet } from './rendered-stateful-set.ts';
import type { Scenario } from './scenario.ts';
import { situation } from './scenario.ts';

const CLAIM = { namespace: NODE.namespace, name: 'data-n0' };
const EARLIER = {
  apiVersion: 'sei.io/v1alpha1',
  kind: 'SeiNode',
  name: NODE.name,
  uid: 'earlier',
  controller: true,
};

/** The object as somebody else made it, or a backup tool restored it. */
export function withMetadata<T extends V1Service | V1ConfigMap>(object: T, parts: V1ObjectMeta): T {
  return Object.assign(object, { metadata: Object.assign({}, object.metadata, parts) });
}

/** The objects that a backup tool has restored: without an owner, or with the earlier one. */
export const restoreScenarios: readonly Scenario[] = [
  {
    name: 'begin-init, which adopts a claim',
    prepare: async () => {
      const bed = await newBed();
      bed.cluster.createClaim(CLAIM);
      return situation(bed, 'beginInit', BEGIN);
    },
  },
  {
    name: 'begin-init of a take-over, which adopts a claim of before',
    prepare: async () => {
      const bed = new ActivityBed();
      bed.cluster.createNode(foreignNode());
      bed.cluster.createClaim(CLAIM, [EARLIER], { labels: { 'sei.io/node': 'n0' } });
      return situation(bed, 'beginInit', BEGIN);
    },
  },
  {
    name: 'ensure-data-pvc, which adopts a claim',
    prepare: async () => {
      const bed = await initBed();
      bed.cluster.createClaim(CLAIM);
      return situation(bed, 'ensureDataPvc', PLAN);
    },
  },
  {
    name: 'apply-statefulset, which takes up one of before',
    prepare: async () => {
      const bed = await initBed();
      const metadata = { ownerReferences: [EARLIER] };
      bed.cluster.createStatefulSet(renderedStatefulSet(bed, { metadata }));
      const attempt = { ...PLAN, target: TO_V1, generation: bed.node.metadata.generation };
      return { bed, attempt: () => appliedInPasses(bed, attempt) };
    },
  },
  {
    name: 'apply-statefulset, which takes up one of before in the place of one that status tracks',
    prepare: async () => {
      const bed = await initBed();
      bed.cluster.editStatus(NODE, { statefulSet: { name: NODE.name, uid: 'of before' } });
      const metadata = { ownerReferences: [EARLIER] };
      bed.cluster.createStatefulSet(renderedStatefulSet(bed, { metadata }));
      const attempt = { ...PLAN, target: TO_V1, generation: bed.node.metadata.generation };
      return { bed, attempt: () => appliedInPasses(bed, attempt) };
    },
  },
  {
    name: 'apply-service, which takes up one of before',
    prepare: async () => {
      const bed = await initBed();
      const service = withMetadata(serviceFor(bed.node), { ownerReferences: [EARLIER] });
      await bed.cluster.api.createService(service);
      return situation(bed, 'applyService', PLAN);
    },
  },
  {
    name: 'apply-rbac-proxy-config, which takes up one of before',
    prepare: async () => {
      const bed = await initBed();
      const map = withMetadata(rbacProxyConfigFor(bed.node), { ownerReferences: [EARLIER] });
      await bed.cluster.api.createConfigMap(map);
      return situation(bed, 'applyRbacProxyConfig', PLAN);
    },
  },
];
