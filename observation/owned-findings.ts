import type { V1ConfigMap, V1Service, V1StatefulSet } from '@kubernetes/client-node';

import { assertNever } from '../domain/assert-never.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import type { Target } from '../domain/node/target.ts';
import type { LiveObject } from '../domain/owned/live-object.ts';
import { LARGEST_CONTENT } from '../domain/owned/live-object.ts';
import type { OwnedFinding, OwnedKind } from '../domain/owned/owned-finding.ts';
import type { Json } from '../domain/owned/rendered-drift.ts';
import { driftingFields } from '../domain/owned/rendered-drift.ts';
import type { OwnedObjects } from '../kubernetes/cluster.ts';
import { InvalidSpecError } from '../manifests/invalid-spec.ts';
import type { PlatformSettings } from '../manifests/platform-settings.ts';
import { rbacProxyConfigFor } from '../manifests/rbac-proxy-config.ts';
import { serviceFor } from '../manifests/service.ts';
import { statefulSetFor } from '../manifests/stateful-set.ts';

type Rendered = V1StatefulSet | V1Service | V1ConfigMap;

/** Returns the differences between the node's objects and those that its spec renders to; empty if there are none. */
export function ownedFindings(
  node: SeiNode,
  live: OwnedObjects,
  target: Target,
  platform: PlatformSettings,
): readonly OwnedFinding[] {
  try {
    const tracked = node.status?.statefulSet?.uid;
    const { statefulSet } = live;
    if (tracked !== undefined && statefulSet !== undefined && statefulSet.uid !== tracked) {
      return [{ kind: 'impostor', uid: statefulSet.uid }];
    }
    const findings = finding('StatefulSet', statefulSetFor(node, target, platform), statefulSet);
    // While a node is paused, the operator leaves all its objects but the StatefulSet alone.
    if (node.spec.paused === true) return findings;
    return [
      ...findings,
      ...finding('Service', serviceFor(node), live.service),
      ...finding('ConfigMap', rbacProxyConfigFor(node), live.configMap),
    ];
  } catch (err) {
    if (err instanceof InvalidSpecError) return [{ kind: 'invalid-spec', message: err.message }];
    throw err;
  }
}

function finding(
  object: OwnedKind,
  rendered: Rendered,
  live: LiveObject | undefined,
): readonly OwnedFinding[] {
  if (live === undefined) return [{ kind: 'missing', object }];
  const fields = driftingIn(live, comparable(rendered));
  return fields.length === 0 ? [] : [{ kind: 'drifted', object, fields }];
}

function driftingIn({ content }: LiveObject, rendered: Json): readonly string[] {
  switch (content.kind) {
    case 'kept':
      return driftingFields(rendered, JSON.parse(content.json) as Json);
    case 'unread':
      // The watcher looks at the node again once the content is read.
      return [];
    case 'foreign':
      return ['metadata.ownerReferences'];
    case 'too-large':
      return [`more than ${LARGEST_CONTENT / 1024} KiB of content`];
    default:
      return assertNever(content);
  }
}

/** Returns the rendered fields that an apply can change: the immutable ones of a StatefulSet are no drift. */
function comparable(rendered: Rendered): Json {
  const { labels, annotations, ownerReferences } = rendered.metadata ?? {};
  const { spec } = rendered as { spec?: Record<string, unknown> };
  const { data } = rendered as V1ConfigMap;
  const { selector, serviceName: _name, podManagementPolicy: _policy, ...mutable } = spec ?? {};
  return JSON.parse(
    JSON.stringify({
      metadata: { labels, annotations, ownerReferences },
      ...(spec !== undefined && {
        spec: rendered.kind === 'Service' ? { ...mutable, selector } : mutable,
      }),
      data,
    }),
  ) as Json;
}
