import type { V1Container, V1ResourceRequirements } from '@kubernetes/client-node';

import type { SeiNode } from '../domain/node/sei-node.ts';
import type { Target } from '../domain/node/target.ts';
import { SIDECAR_CONTAINER } from '../domain/pod/pod-view.ts';
import { DATA_DIRECTORY, dataMount } from './data-directory.ts';
import { operatorKeyringEnvironment, operatorKeyringMounts } from './operator-keyring.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { sidecarPort } from './ports.ts';
import { restrictedReadOnly } from './security-context.ts';
import { SIDECAR_TEMPORARY_VOLUME } from './volumes.ts';

/**
 * Renders the sidecar, which prepares the node's home and says when seid may start. It has no probes: those
 * of kube-rbac-proxy go through to it.
 */
export function sidecarContainer(
  node: SeiNode,
  target: Target,
  platform: PlatformSettings,
): V1Container {
  const { spec } = node;
  const port = sidecarPort(spec);
  const { genesisBucket, snapshotBucket } = platform;
  return {
    name: SIDECAR_CONTAINER,
    image: target.sidecarImage,
    // Makes the init container a sidecar: it keeps running beside seid.
    restartPolicy: 'Always',
    command: ['seictl', 'serve'],
    env: [
      { name: 'SEI_CHAIN_ID', value: spec.chainId },
      { name: 'SEI_SIDECAR_PORT', value: String(port) },
      { name: 'SEI_HOME', value: DATA_DIRECTORY },
      { name: 'SEI_GENESIS_BUCKET', value: genesisBucket.name },
      { name: 'SEI_GENESIS_REGION', value: genesisBucket.region },
      { name: 'SEI_SNAPSHOT_BUCKET', value: snapshotBucket.name },
      { name: 'SEI_SNAPSHOT_REGION', value: snapshotBucket.region },
      // The sidecar trusts the user that kube-rbac-proxy names, and listens on loopback only.
      { name: 'SEI_SIDECAR_AUTHN_MODE', value: 'trusted-header' },
      ...operatorKeyringEnvironment(spec),
    ],
    ports: [{ name: 'sidecar', containerPort: port }],
    ...(spec.sidecar?.resources !== undefined && {
      resources: resourceRequirements(spec.sidecar.resources),
    }),
    volumeMounts: [
      dataMount,
      { name: SIDECAR_TEMPORARY_VOLUME, mountPath: '/tmp' },
      ...operatorKeyringMounts(spec),
    ],
    securityContext: restrictedReadOnly,
  };
}

type Quantities = Readonly<Record<string, string | number>>;

/** Turns amounts into text. The CRD takes `cpu: 1` for a quantity; the API server would answer `cpu: "1"`. */
function resourceRequirements(resources: {
  readonly requests?: Quantities;
  readonly limits?: Quantities;
}): V1ResourceRequirements {
  const { requests, limits } = resources;
  return {
    ...(requests !== undefined && { requests: asText(requests) }),
    ...(limits !== undefined && { limits: asText(limits) }),
  };
}

function asText(quantities: Quantities): Record<string, string> {
  return Object.fromEntries(
    Object.entries(quantities)
      .map(([resource, quantity]) => [resource, String(quantity)] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}
