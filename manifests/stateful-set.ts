import type { V1StatefulSet } from '@kubernetes/client-node';

import { ANY_IMAGE } from '../domain/node/image-policy.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import type { Target } from '../domain/node/target.ts';
import { guardImages } from './image-guard.ts';
import { selectorFor } from './labels.ts';
import { ownedMetadata, workloadName } from './object-metadata.ts';
import { guardOperatorKeyring } from './operator-keyring-guard.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { podTemplateFor } from './pod-template.ts';
import { withRenderedHash } from './rendered-hash.ts';
import { guardSpec } from './spec-guard.ts';

/**
 * Renders the StatefulSet of a node. Equal arguments give equal bytes, so that an upgrade of the operator
 * alone changes no template.
 *
 * @throws InvalidSpecError for a spec from which no pod can be made.
 */
export function statefulSetFor(
  node: SeiNode,
  target: Target,
  platform: PlatformSettings,
): V1StatefulSet {
  guardSpec(node);
  guardImages(node, target, platform.imagePolicy ?? ANY_IMAGE);
  const template = podTemplateFor(node, target, platform);
  guardOperatorKeyring(node, template);
  return withRenderedHash({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: ownedMetadata(node, workloadName(node)),
    spec: {
      replicas: target.replicas,
      // Rendered, so that another start is drift: it would make a second pod with the same key.
      ordinals: { start: 0 },
      // The same as the original operator's. Under Parallel a changed start would end the node's pod at
      // once. Under OrderedReady the pod stays until the other one is ready, which never happens.
      podManagementPolicy: 'OrderedReady',
      serviceName: workloadName(node),
      selector: { matchLabels: selectorFor(node) },
      // Step replace-pod replaces pods; a rolling update would wait for one to become ready.
      updateStrategy: { type: 'OnDelete' },
      template,
    },
  });
}
