import { platform } from '../platform.ts';

/**
 * Returns what a cluster must have before a SeiNode's pod can run: a node for each pool, one for pods without a pool,
 * and the storage classes.
 *
 * @param cidr all pods of the instance have their address from it; kwok hands out one sequence for nodes with the same
 *   range, so two pods never get the same address
 */
export function clusterObjects(cidr: string): object {
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      node('general', cidr),
      node('default-pool', cidr, platform.SEI_NODEPOOL_NAME),
      node('archive-pool', cidr, platform.SEI_NODEPOOL_ARCHIVE),
      storageClass(platform.SEI_STORAGE_CLASS_DEFAULT, { isDefault: true }),
      storageClass(platform.SEI_STORAGE_CLASS_PERF),
      storageClass(platform.SEI_STORAGE_CLASS_ARCHIVE),
    ],
  };
}

function node(name: string, cidr: string, pool?: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        ...(pool === undefined ? {} : { 'karpenter.sh/nodepool': pool }),
      },
    },
    spec: {
      podCIDR: cidr,
      podCIDRs: [cidr],
      taints:
        pool === undefined
          ? []
          : [{ key: platform.SEI_TOLERATION_KEY, value: pool, effect: 'NoSchedule' }],
    },
    status: { capacity: CAPACITY, allocatable: CAPACITY },
  };
}

/** Room for the 10,000 pods of a scale test, whatever they request. */
const CAPACITY = { cpu: '1M', memory: '1Ei', 'ephemeral-storage': '1Ei', pods: '1M' };

function storageClass(name: string, { isDefault = false } = {}): object {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name,
      annotations: { 'storageclass.kubernetes.io/is-default-class': String(isDefault) },
    },
    // The volume stages play this provisioner.
    provisioner: 'devcluster.sei.io/volume',
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
  };
}
