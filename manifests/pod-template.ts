import type { V1PodTemplateSpec } from '@kubernetes/client-node';

import type { SeiNode } from '../domain/node/sei-node.ts';
import type { Target } from '../domain/node/target.ts';
import { cosmosExporterContainer } from './cosmos-exporter-container.ts';
import { labelsFor } from './labels.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { rbacProxyContainer } from './rbac-proxy-container.ts';
import { schedulingFor } from './scheduling.ts';
import { podSecurityContext } from './security-context.ts';
import { seidContainer } from './seid-container.ts';
import { seidInitContainer } from './seid-init-container.ts';
import { sidecarContainer } from './sidecar-container.ts';
import { terminationGraceSeconds } from './termination-grace.ts';
import { volumesFor } from './volumes.ts';

/** Renders the node's pod. Leaves out fields that the API server fills in with a default. */
export function podTemplateFor(
  node: SeiNode,
  target: Target,
  platform: PlatformSettings,
): V1PodTemplateSpec {
  return {
    metadata: {
      labels: labelsFor(node),
      // Karpenter would otherwise move the pod to save machines, and a node would sync for hours.
      annotations: { 'karpenter.sh/do-not-disrupt': 'true' },
    },
    spec: {
      serviceAccountName: platform.scheduling.serviceAccount,
      // Only kube-rbac-proxy has a token (volumes.ts): seid talks to the internet.
      automountServiceAccountToken: false,
      // The sidecar signals seid.
      shareProcessNamespace: true,
      securityContext: podSecurityContext,
      terminationGracePeriodSeconds: terminationGraceSeconds(node, platform),
      ...schedulingFor(node, platform),
      initContainers: [
        seidInitContainer(node, target),
        sidecarContainer(node, target, platform),
        rbacProxyContainer(node, platform),
      ],
      containers: [seidContainer(node, target, platform), cosmosExporterContainer(platform)],
      volumes: volumesFor(node),
    },
  };
}
