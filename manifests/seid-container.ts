import type { V1Container } from '@kubernetes/client-node';

import type { Resources, SeiNode } from '../domain/node/sei-node.ts';
import { roleOf } from '../domain/node/sei-node.ts';
import type { Target } from '../domain/node/target.ts';
import { SEID_CONTAINER } from '../domain/pod/pod-view.ts';
import { DATA_DIRECTORY, dataMount, TEMPORARY_DIRECTORY } from './data-directory.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { apiPort, SEID_RPC_PORT, seidPorts, sidecarPort } from './ports.ts';
import { restricted } from './security-context.ts';
import { validatorKeyMounts } from './validator-keys.ts';

/** Renders the chain's own process. */
export function seidContainer(
  node: SeiNode,
  target: Target,
  platform: PlatformSettings,
): V1Container {
  const { spec } = node;
  const resources: Resources = platform.resources[roleOf(spec)];
  return {
    name: SEID_CONTAINER,
    image: target.image,
    command: ['/bin/bash', '-c', startScript(sidecarPort(spec))],
    env: [
      { name: 'HOME', value: DATA_DIRECTORY },
      { name: 'TMPDIR', value: TEMPORARY_DIRECTORY },
    ],
    ports: seidPorts.map(({ name, port }) => ({ name, containerPort: port })),
    resources,
    // Five days at 5 s each: a restore from a snapshot or a replay may take that long, and a restart would begin again.
    startupProbe: {
      httpGet: { path: '/v0/healthz', port: apiPort.port },
      periodSeconds: 5,
      failureThreshold: 86_400,
    },
    readinessProbe: {
      httpGet: { path: '/lag_status', port: SEID_RPC_PORT },
      initialDelaySeconds: 30,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    },
    // No liveness probe: a node that is halted at an upgrade height must be left alone.
    volumeMounts: [dataMount, ...validatorKeyMounts(spec)],
    securityContext: restricted,
  };
}

/**
 * Returns the script that starts seid once the sidecar allows it, since its home may still be under
 * preparation. The image has bash but no HTTP client.
 */
function startScript(port: number): string {
  return [
    'sidecar_is_ready() (',
    `  exec 3<>/dev/tcp/127.0.0.1/${port} &&`,
    String.raw`    printf 'GET /v0/healthz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3 &&`,
    // A sidecar that accepts and never answers must not stop the loop.
    '    IFS= read -r -t 5 status <&3 &&',
    '    [[ $status == HTTP/*" 200 "* ]]',
    ') 2>/dev/null',
    'until sidecar_is_ready; do sleep 5; done',
    `exec seid start --home ${DATA_DIRECTORY}`,
  ].join('\n');
}
