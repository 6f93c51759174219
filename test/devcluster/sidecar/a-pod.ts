import type { ContainerStatus, Pod } from '../../../devcluster/sidecar/pod.ts';

export interface PodOptions {
  readonly node?: string;
  readonly uid?: string;
  readonly version?: number;
  readonly ip?: string;
  /** The claim that it mounts; null for none. */
  readonly claim?: string | null;
  readonly image?: string;
  readonly restarts?: number;
  readonly sidecar?: 'running' | 'waiting';
  readonly proxy?: 'running' | 'waiting';
  readonly terminating?: boolean;
}

const STARTED = '2026-01-01T00:00:00Z';

/** Makes a pod whose containers run and whose sidecar was not marked ready, unless the options say otherwise. */
export function aPod(options: PodOptions = {}): Pod {
  const {
    node = 'n0',
    uid = 'uid-1',
    version = 1,
    ip = '127.97.0.1',
    claim = `data-${node}`,
  } = options;
  const image = options.image ?? 'sei:v1';
  return {
    metadata: {
      namespace: 'chain',
      name: `${node}-0`,
      uid,
      resourceVersion: String(version),
      labels: { 'sei.io/node': node },
      ...(options.terminating === true ? { deletionTimestamp: STARTED } : {}),
    },
    spec: {
      initContainers: [
        { name: 'seid-init', image },
        { name: 'sei-sidecar', image: 'seictl:v1', restartPolicy: 'Always' },
        { name: 'kube-rbac-proxy', image: 'proxy:v1', restartPolicy: 'Always' },
      ],
      containers: [{ name: 'seid', image }],
      volumes:
        claim === null ? [] : [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
    },
    status: {
      podIP: ip,
      initContainerStatuses: [
        { name: 'seid-init', ready: true, restartCount: 0, state: { terminated: {} } },
        container('sei-sidecar', options.sidecar, {
          ready: true,
          restartCount: options.restarts ?? 0,
        }),
        container('kube-rbac-proxy', options.proxy, { ready: false }),
      ],
      containerStatuses: [container('seid', 'running', { ready: false, started: false })],
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        notReady('Ready'),
        notReady('ContainersReady'),
      ],
    },
  };
}

function container(
  name: string,
  state: 'running' | 'waiting' = 'running',
  status: Partial<ContainerStatus>,
): ContainerStatus {
  return {
    name,
    ready: false,
    started: true,
    restartCount: 0,
    state: state === 'running' ? { running: { startedAt: STARTED } } : { waiting: {} },
    ...status,
  };
}

function notReady(type: string) {
  return {
    type,
    status: 'False',
    reason: 'ContainersNotReady',
    message: 'containers with unready status: [kube-rbac-proxy seid]',
    lastTransitionTime: STARTED,
  };
}
