import type { V1Container } from '@kubernetes/client-node';

import type { SeiNode } from '../domain/node/sei-node.ts';
import { RBAC_PROXY_CONTAINER } from '../domain/pod/pod-view.ts';
import { AUDIENCES_FLAG, sidecarAudience } from '../domain/sidecar/sidecar-audience.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { apiPort, sidecarPort } from './ports.ts';
import { RBAC_PROXY_CONFIG_FILE } from './rbac-proxy-config.ts';
import { rbacProxySecurityContext } from './security-context.ts';
import { API_ACCESS_VOLUME, RBAC_PROXY_CONFIG_VOLUME } from './volumes.ts';

const CONFIG_DIRECTORY = '/etc/kube-rbac-proxy';

/** The directory in which a client of the API server looks for token and certificate. */
const API_ACCESS_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The paths for callers that have no token: the kubelet's probes and Prometheus. */
const OPEN_PATHS = ['/v0/healthz', '/v0/startupz', '/v0/livez', '/v0/metrics'];

/**
 * Admits to the sidecar every caller that Kubernetes admits to the node's tasks. Its readiness is the
 * sidecar's, so the pod is not ready until mark-ready.
 */
export function rbacProxyContainer(node: SeiNode, platform: PlatformSettings): V1Container {
  const { port } = apiPort;
  return {
    name: RBAC_PROXY_CONTAINER,
    image: platform.images.rbacProxy,
    // Makes the init container a sidecar: it keeps running beside seid.
    restartPolicy: 'Always',
    args: [
      // No address: it listens on every family, since a cluster may have IPv6 only.
      `--insecure-listen-address=:${port}`,
      `--upstream=http://127.0.0.1:${sidecarPort(node.spec)}/`,
      `--config-file=${CONFIG_DIRECTORY}/${RBAC_PROXY_CONFIG_FILE}`,
      `--ignore-paths=${OPEN_PATHS.join(',')}`,
      // A token stolen here opens no other node, nor the API server.
      `${AUDIENCES_FLAG}${sidecarAudience(node.metadata)}`,
      '--auth-header-fields-enabled=true',
      '--v=0',
    ],
    ports: [{ name: apiPort.name, containerPort: port }],
    startupProbe: {
      tcpSocket: { port },
      initialDelaySeconds: 5,
      periodSeconds: 5,
      failureThreshold: 60,
    },
    livenessProbe: {
      httpGet: { path: '/v0/livez', port },
      periodSeconds: 10,
      failureThreshold: 3,
    },
    readinessProbe: {
      httpGet: { path: '/v0/healthz', port },
      periodSeconds: 5,
      failureThreshold: 6,
    },
    volumeMounts: [
      { name: RBAC_PROXY_CONFIG_VOLUME, mountPath: CONFIG_DIRECTORY, readOnly: true },
      { name: API_ACCESS_VOLUME, mountPath: API_ACCESS_DIRECTORY, readOnly: true },
    ],
    securityContext: rbacProxySecurityContext,
  };
}
